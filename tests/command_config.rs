//! Settings, as a person sets them.

use std::{fs, process::Output};

use crate::{
    command::{minsheng, out, refusal},
    plain_cases,
};

plain_cases![
    settings_come_from_four_layers,
    what_is_misspelt_stops_every_command,
    the_database_may_be_set_anywhere,
    limits_are_settings_too,
    a_wrong_log_is_one_clear_line,
];

fn with(arguments: &[&str], variables: &[(&str, &str)]) -> Output {
    minsheng(arguments).envs(variables.iter().copied()).output().expect("it runs")
}

fn settings_come_from_four_layers() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("city.yaml");
    fs::write(&file, "listen: 127.0.0.1:1\ntime_zone: Asia/Urumqi\ndatabase:\n  url: postgres://city:geheim@db/city\n").expect("a file");
    let file = file.to_str().expect("a path");
    let variables = [("MINSHENG_LISTEN", "127.0.0.1:2"), ("MINSHENG_OIDC_AUDIENCE", "city"), ("MINSHENG_CONFIG", file)];
    let told = out(&with(&["config", "--oidc-audience", "office"], &variables));
    for expected in [
        "listen: \"127.0.0.1:2\"  # 环境变量 MINSHENG_LISTEN · variable MINSHENG_LISTEN".to_owned(),
        format!("time_zone: \"Asia/Urumqi\"  # 文件 {file} · file {file}"),
        "  audience: \"office\"  # 选项 --oidc-audience · option --oidc-audience".to_owned(),
        format!("  url: \"postgres://city:***@db/city\"  # 文件 {file} · file {file}"),
        "graphiql: false  # 默认 · default".to_owned(),
    ] {
        assert!(told.lines().any(|line| line == expected), "{expected}\n{told}");
    }
    assert!(!told.contains("geheim"), "{told}");
    // What it prints can be used.
    let printed = folder.path().join("printed.yaml");
    fs::write(&printed, &told).expect("a file");
    let printed = printed.to_str().expect("a path");
    let again = with(&["config", "--config", printed], &[]);
    assert!(out(&again).contains("audience: \"office\""), "{}", String::from_utf8_lossy(&again.stderr));
}

fn what_is_misspelt_stops_every_command() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("city.yaml");
    fs::write(&file, "lissten: 127.0.0.1:1\n").expect("a file");
    let file = file.to_str().expect("a path");
    for arguments in
        [&["serve"][..], &["demo"], &["migrate"], &["seed", "--check"], &["schema"], &["config"], &["health"], &["key", "rotate"]]
    {
        let line = refusal(&with(arguments, &[("MINSHENG_LISTN", "127.0.0.1:0")]));
        assert!(line.contains("MINSHENG_LISTN") && line.contains("MINSHENG_LISTEN"), "{line}");
        let line = refusal(&with(arguments, &[("MINSHENG_CONFIG", file)]));
        assert!(line.contains("lissten") && line.contains(file), "{line}");
    }
    let line = refusal(&with(&["config", "--config", "no/such/file.yaml"], &[]));
    assert!(line.contains("no/such/file.yaml"), "{line}");
    let line = refusal(&with(&["config"], &[("MINSHENG_LISTEN", "8080")]));
    assert!(line.contains("MINSHENG_LISTEN") && line.contains("cannot be used"), "{line}");
}

fn the_database_may_be_set_anywhere() {
    let folder = tempfile::tempdir().expect("a folder");
    let url = format!("sqlite:{}", folder.path().join("a.db").display());
    let file = folder.path().join("city.yaml");
    fs::write(&file, format!("database: {{url: '{url}'}}\n")).expect("a file");
    for command in ["migrate", "serve", "seed"] {
        let line = refusal(&with(&[command], &[]));
        assert!(line.contains("--database-url") && line.contains("MINSHENG_DATABASE_URL") && line.contains("database.url"), "{line}");
    }
    assert!(out(&with(&["migrate"], &[("MINSHENG_DATABASE_URL", &url)])).contains("up to date now"));
    assert!(out(&with(&["migrate", "--config", file.to_str().expect("a path")], &[])).contains("was up to date"));
    assert!(out(&with(&["migrate", "--database-url", &url], &[("MINSHENG_DATABASE_URL", "sqlite:no/such.db")])).contains("was up to date"));
}

fn limits_are_settings_too() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("city.yaml");
    fs::write(&file, "limits:\n  address_points: 0\n").expect("a file");
    let file = file.to_str().expect("a path");
    let told = out(&with(&["config"], &[("MINSHENG_CONFIG", file), ("MINSHENG_LIMITS_TOKENS", "1000")]));
    assert!(told.contains("  tokens: 1000  # 环境变量 MINSHENG_LIMITS_TOKENS"), "{told}");
    assert!(told.contains(&format!("  address_points: 0  # 文件 {file}")) && told.contains("  nesting: 64  # 默认"), "{told}");
    let line = refusal(&with(&["config"], &[("MINSHENG_LIMITS_NESTING", "1000")]));
    assert!(line.contains("limits.nesting") && line.contains("24 至 128") && line.contains("it must be 24 to 128"), "{line}");
    let line = refusal(&with(&["config"], &[("MINSHENG_LIMITS_TOKEN", "1000")]));
    assert!(line.contains("MINSHENG_LIMITS_TOKENS"), "{line}");
}

fn a_wrong_log_is_one_clear_line() {
    let line = refusal(&with(&["schema"], &[("MINSHENG_LOG", "minsheng=loud")]));
    assert!(line.contains("MINSHENG_LOG"), "{line}");
}
