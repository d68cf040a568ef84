//! Each layer overrides the one before, and a value that nobody can have meant is rejected.

use std::{ffi::OsString, fs, path::PathBuf};

use tempfile::TempDir;

use super::*;

/// Layers over a file, if there is a text for one, and variables.
struct Setting {
    folder: TempDir,
    file: Option<PathBuf>,
}

impl Setting {
    fn of(text: Option<&str>) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let file = text.map(|text| {
            let file = folder.path().join("minsheng.yaml");
            fs::write(&file, text).unwrap();
            file
        });
        Self { folder, file }
    }

    fn read(&self, variables: &[(&str, &str)]) -> Result<Layers, ConfigFault> {
        let variables = variables.iter().map(|(name, value)| (OsString::from(name), OsString::from(value)));
        Layers::read(&Config::default(), self.file.as_deref(), variables)
    }
}

fn config(text: &str, variables: &[(&str, &str)]) -> Result<Config, ConfigFault> {
    Ok(Setting::of(Some(text)).read(variables)?.finish()?.config)
}

/// The English half of a refusal.
fn refused(text: &str, variables: &[(&str, &str)]) -> String {
    let [chinese, english] = config(text, variables).unwrap_err().text().into_wordings();
    assert!(chinese.contains(|character| ('\u{4e00}'..='\u{9fff}').contains(&character)), "{chinese}");
    english
}

#[test]
fn each_layer_wins_over_the_one_before() {
    assert_eq!(config("", &[]), Ok(Config::default()));
    let setting = Setting::of(Some("listen: 127.0.0.1:1\nlog: warn\noidc:\n  audience: file\n"));
    let layers = setting.read(&[("MINSHENG_LISTEN", "127.0.0.1:2"), ("MINSHENG_LOG", "debug")]).unwrap();
    let layers = layers.with([Flag::given("listen", "--listen", Some(&"127.0.0.1:3")), Flag::given::<&str>("log", "--log", None)]);
    let Effective { config, sources } = layers.finish().unwrap();
    assert_eq!((config.listen.port(), config.log.as_str(), config.oidc.audience.as_str()), (3, "debug", "file"));
    assert_eq!(sources["listen"], Source::Flag("--listen"));
    assert_eq!(sources["log"], Source::Variable("MINSHENG_LOG".to_owned()));
    assert_eq!(sources["oidc.audience"], Source::File(setting.folder.path().join("minsheng.yaml")));
    assert_eq!(sources["oidc.claim"], Source::Default);
}

#[test]
fn every_form_of_value_can_be_a_variable() {
    let variables = [
        ("MINSHENG_TRUSTED_PROXIES", " 10.0.0.1, 192.168.0.0/16 ,"),
        ("MINSHENG_GRAPHIQL", "true"),
        ("MINSHENG_TIME_ZONE", "Asia/Urumqi"),
        ("MINSHENG_LOG_FORMAT", "json"),
        ("MINSHENG_OIDC_ISSUER", "https://id.example.org"),
        ("MINSHENG_DATABASE_URL", "postgres://a:b@c/d"),
    ];
    let config = config("graphiql: false", &variables).unwrap();
    assert_eq!(config.trusted_proxies, "10.0.0.1,192.168.0.0/16".parse().unwrap());
    assert!(config.graphiql && config.log_format == LogFormat::Json);
    assert_eq!(config.time_zone, Tz::Asia__Urumqi);
    assert_eq!(config.oidc.issuer.as_deref(), Some("https://id.example.org"));
    assert_eq!(config.database.url.unwrap().reveal(), "postgres://a:b@c/d");
}

#[test]
fn a_file_may_be_named_by_a_variable_and_the_option_wins() {
    let (one, other) = (Setting::of(Some("log: one")), Setting::of(Some("log: other")));
    let variable = |setting: &Setting| (OsString::from("MINSHENG_CONFIG"), setting.file.clone().unwrap().into_os_string());
    let read = |file: Option<&PathBuf>| {
        Layers::read(&Config::default(), file.map(PathBuf::as_path), [variable(&one)].into_iter()).unwrap().finish().unwrap().config.log
    };
    assert_eq!(read(None), "one");
    assert_eq!(read(other.file.as_ref()), "other");
}

#[test]
fn what_does_not_exist_is_refused_and_what_was_meant_is_offered() {
    let said = refused("lissten: 127.0.0.1:1", &[]);
    assert!(said.contains("no setting lissten") && said.contains("minsheng.yaml") && said.contains("Did you mean listen?"), "{said}");
    let said = refused("oidc:\n  isuer: a", &[]);
    assert!(said.contains("oidc.isuer") && said.contains("oidc.issuer"), "{said}");
    let said = refused("", &[("MINSHENG_LISTN", "x")]);
    assert!(said.contains("MINSHENG_LISTN (variable MINSHENG_LISTN)") && said.contains("Did you mean MINSHENG_LISTEN"), "{said}");
    assert!(refused("database: x", &[]).contains("no setting database "), "a section is no value");
    assert!(refused("listen: {port: 1}", &[]).contains("listen"));
    let said = refused("limits.page_size: 30\nlimits: {page_size: 40}", &[]);
    assert!(said.contains("no setting limits.page_size") && said.contains("Did you mean limits: page_size?"), "{said}");
}

#[test]
fn variables_of_others_are_left_alone() {
    let foreign = [
        "MINSHENG_SERVICE_HOST",
        "MINSHENG_SERVICE_PORT",
        "MINSHENG_SERVICE_PORT_HTTP",
        "MINSHENG_PORT",
        "MINSHENG_PORT_8080_TCP_ADDR",
        "MINSHENG_TEST_DATABASES",
        "MINSHENGLISTEN",
        "LISTEN",
        "minsheng_listen",
    ];
    assert_eq!(config("", &foreign.map(|name| (name, "tcp://10.0.0.1:8080"))), Ok(Config::default()));
    assert_eq!(config("", &[("MINSHENG_LISTEN", "")]), Ok(Config::default()), "an empty variable is as good as none");
}

#[test]
fn a_value_that_cannot_be_is_refused_with_its_source() {
    for (text, variables, key, place) in [
        ("listen: nowhere", &[][..], "listen", "minsheng.yaml"),
        ("listen: 8080", &[], "listen", "minsheng.yaml"),
        ("time_zone: Mars/Olympus", &[], "time_zone", "minsheng.yaml"),
        ("graphiql: perhaps", &[], "graphiql", "minsheng.yaml"),
        ("trusted_proxies: [10.0.0.1, localhost]", &[], "trusted_proxies", "minsheng.yaml"),
        // Also where a later layer would have won.
        ("time_zone: Mars/Olympus", &[("MINSHENG_TIME_ZONE", "Asia/Urumqi")], "time_zone", "minsheng.yaml"),
        ("graphiql: perhaps", &[("MINSHENG_GRAPHIQL", "true")], "graphiql", "minsheng.yaml"),
        ("limits: {page_size: many}", &[("MINSHENG_LIMITS_PAGE_SIZE", "50")], "limits.page_size", "minsheng.yaml"),
        ("", &[("MINSHENG_LOG_FORMAT", "xml")], "log_format", "MINSHENG_LOG_FORMAT"),
        ("", &[("MINSHENG_TRUSTED_PROXIES", "localhost")], "trusted_proxies", "MINSHENG_TRUSTED_PROXIES"),
    ] {
        let said = refused(text, variables);
        assert!(!said.contains(".."), "{said}");
        assert!(said.contains(&format!("The value of {key} cannot be used")) && said.contains(place), "{said}");
    }
}

#[test]
fn a_file_that_is_none_is_refused() {
    for text in ["- a\n- b", "listen: 127.0.0.1:1\nlisten: 127.0.0.1:2", "a: [", "just words"] {
        let said = refused(text, &[]);
        assert!(said.contains("cannot be understood") && !said.contains('\n'), "{said}");
    }
    let missing = Layers::read(&Config::default(), Some("no/such/file.yaml".as_ref()), std::iter::empty());
    assert!(matches!(missing.map(|_| ()), Err(ConfigFault::Unreadable { .. })));
}

#[test]
fn the_listing_tells_sources_masks_secrets_and_is_a_configuration() {
    let setting = Setting::of(Some("oidc: {issuer: 'https://id.example.org'}"));
    let layers = setting.read(&[("MINSHENG_DATABASE_URL", "postgres://city:geheim@db/city")]).unwrap();
    let listing = layers.with([Flag::given("graphiql", "--graphiql", Some(&true))]).finish().unwrap().listing();
    assert!(!listing.contains("geheim"), "{listing}");
    for line in [
        "listen: \"127.0.0.1:8080\"  # 默认 · default",
        "graphiql: true  # 选项 --graphiql · option --graphiql",
        "  url: \"postgres://city:***@db/city\"  # 环境变量 MINSHENG_DATABASE_URL · variable MINSHENG_DATABASE_URL",
        "trusted_proxies: []  # 默认 · default",
    ] {
        assert!(listing.lines().any(|told| told == line), "{line}\n{listing}");
    }
    assert!(listing.contains("  issuer: \"https://id.example.org\"  # 文件 "), "{listing}");
    let again = config(&listing, &[]).unwrap();
    assert!(again.graphiql && again.oidc.issuer.is_some());
}

#[test]
fn nothing_printed_of_a_configuration_holds_a_password() {
    let config = config("database: {url: 'postgres://city:geheim@db/city'}", &[]).unwrap();
    assert!(!format!("{config:?}").contains("geheim") && !serde_json::to_string(&config).unwrap().contains("geheim"));
}
