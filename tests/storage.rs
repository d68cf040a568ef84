//! The schema of the database: its steps there and back, its likeness to the entities, and what it refuses by itself.

use std::collections::BTreeSet;

use migration::{Migrator, MigratorTrait as _};
use sea_orm::{
    ColumnTrait as _, ConnectionTrait as _, Database as Connector, DatabaseBackend, DatabaseConnection, EntityTrait, IdenStatic as _,
    Iterable as _, Statement,
};

use crate::{cases, support::app::App};

cases![every_step_goes_up_and_down_and_up, tables_and_entities_are_alike, the_database_refuses_what_must_not_be];

async fn texts(connection: &DatabaseConnection, statement: &str) -> Vec<String> {
    let rows = connection.query_all_raw(Statement::from_string(connection.get_database_backend(), statement)).await.expect("rows");
    rows.iter().map(|row| row.try_get_by_index::<String>(0).expect("a text")).collect()
}

/// Everything that the schema consists of, as the database describes it.
async fn schema(connection: &DatabaseConnection) -> BTreeSet<String> {
    let statement = if connection.get_database_backend() == DatabaseBackend::Sqlite {
        "SELECT coalesce(sql, name) FROM sqlite_master WHERE name NOT LIKE 'seaql_%' AND name NOT LIKE 'sqlite_%'"
    } else {
        "SELECT concat_ws(' ', table_name, column_name, data_type, is_nullable) FROM information_schema.columns
           WHERE table_schema = 'public' AND table_name <> 'seaql_migrations'
         UNION SELECT indexdef FROM pg_indexes WHERE schemaname = 'public' AND tablename <> 'seaql_migrations'
         UNION SELECT conname || pg_get_constraintdef(oid) FROM pg_constraint WHERE conrelid <> 'seaql_migrations'::regclass AND connamespace = 'public'::regnamespace"
    };
    texts(connection, statement).await.into_iter().collect()
}

async fn every_step_goes_up_and_down_and_up(app: App) {
    let fresh = app.backend.empty_database().await.expect("an empty database");
    let connection = Connector::connect(if app.backend == crate::support::backend::Backend::Sqlite {
        format!("{}?mode=rwc", fresh.url)
    } else {
        fresh.url.clone()
    })
    .await
    .expect("it opens");
    Migrator::install(&connection).await.expect("the list of steps");
    let steps = u32::try_from(Migrator::migrations().len()).expect("a number");
    let mut stages = vec![schema(&connection).await];
    for _ in 0..steps {
        Migrator::up(&connection, Some(1)).await.expect("a step up");
        stages.push(schema(&connection).await);
    }
    for stage in stages.iter().rev().skip(1) {
        Migrator::down(&connection, Some(1)).await.expect("a step down");
        assert_eq!(&schema(&connection).await, stage);
    }
    Migrator::up(&connection, None).await.expect("all the way up again");
    assert_eq!(schema(&connection).await, stages[stages.len() - 1]);
    connection.close().await.expect("closed");
    fresh.remove().await;
}

/// The columns of an entity that its table has otherwise, and the rows that cannot be read.
#[expect(clippy::disallowed_methods, reason = "compares whole tables")]
async fn differences<E: EntityTrait>(connection: &DatabaseConnection) -> Vec<String> {
    let table = E::default().table_name().to_owned();
    let declared: BTreeSet<String> =
        E::Column::iter().map(|column| format!("{} {}", column.as_str(), if column.def().is_null() { "YES" } else { "NO" })).collect();
    let statement = if connection.get_database_backend() == DatabaseBackend::Sqlite {
        format!("SELECT name || CASE WHEN \"notnull\" OR pk THEN ' NO' ELSE ' YES' END FROM pragma_table_info('{table}')")
    } else {
        format!("SELECT column_name || ' ' || is_nullable FROM information_schema.columns WHERE table_name = '{table}'")
    };
    let mut actual: BTreeSet<String> = texts(connection, &statement).await.into_iter().collect();
    // FTS5 finds rows by an integer key, which only SQLite has and nobody reads.
    actual.remove("rowid_alias NO");
    let mut found: Vec<String> = declared.symmetric_difference(&actual).map(|column| format!("{table}.{column}")).collect();
    if let Err(error) = E::find().all(connection).await {
        found.push(format!("{table}: {error}"));
    }
    found
}

async fn tables_and_entities_are_alike(app: App) {
    macro_rules! all {
        ($($table:ident),+) => {{
            let mut found = Vec::new();
            $(found.extend(differences::<entity::$table::Entity>(&app.raw).await);)+
            (found, BTreeSet::from([$(stringify!($table).to_owned()),+]))
        }};
    }
    let (found, entities) = all!(
        acceptance,
        acceptance_figure,
        acceptance_milestone,
        account,
        allocation,
        api_key,
        assignment,
        audit_event,
        audit_head,
        blocker,
        event_watch,
        holiday,
        holiday_year,
        population,
        indicator,
        jurisdiction,
        meeting,
        milestone,
        notice,
        notice_recipient,
        notice_setting,
        progress_event,
        progress_report,
        project,
        refresh_token,
        report_figure,
        report_milestone,
        report_transition,
        reporting_duty,
        rule_set,
        search_entry,
        session,
        sign_in_throttle,
        signing_key,
        target,
        task,
        task_standing,
        task_topic,
        topic,
        trusted_document,
        unit,
        unit_alias,
        unit_member,
        write_check
    );
    assert!(found.is_empty(), "{found:#?}");
    let statement = if app.raw.get_database_backend() == DatabaseBackend::Sqlite {
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name NOT LIKE 'search_gram%' AND name NOT LIKE 'seaql_%'"
    } else {
        "SELECT table_name::text FROM information_schema.tables WHERE table_schema = 'public' AND table_name NOT LIKE 'seaql_%'"
    };
    assert_eq!(texts(&app.raw, statement).await.into_iter().collect::<BTreeSet<_>>(), entities);
}

async fn the_database_refuses_what_must_not_be(app: App) {
    for (constraint, statement) in [
        ("jurisdiction_kind_check", "UPDATE jurisdiction SET kind = 'PLANET'"),
        ("jurisdiction_parent_check", "UPDATE jurisdiction SET parent_id = id"),
        ("jurisdiction_division_code_check", "UPDATE jurisdiction SET division_code = '1' WHERE code = 'jining'"),
        ("unit_name_unique", "UPDATE unit SET name = '同名' WHERE jurisdiction_id = (SELECT id FROM jurisdiction WHERE code = 'yanzhou')"),
        ("unit_name_check", "UPDATE unit SET name = '  ' WHERE name = '区总工会'"),
        (
            "unit_alias_unit_fkey",
            "UPDATE unit_alias SET jurisdiction_id = (SELECT id FROM jurisdiction WHERE code = 'rencheng') WHERE name = '石桥镇人民政府'",
        ),
        ("unit_name_is_no_alias", "UPDATE unit SET name = '石桥镇人民政府' WHERE name = '北湖消防救援大队'"),
        ("unit_alias_is_no_name", "UPDATE unit_alias SET name = '北湖消防救援大队' WHERE name = '石桥镇人民政府'"),
        ("unit_member_of_collective", "UPDATE unit_member SET collective_id = (SELECT id FROM unit WHERE name = '市民政局')"),
        ("unit_kind_of_members", "UPDATE unit SET kind = 'DEPARTMENT' WHERE name = '各县（市、区）'"),
        ("notice_adoption_check", "UPDATE notice SET adoption_method = NULL"),
        ("unit_member_self_check", "UPDATE unit_member SET member_id = collective_id"),
        ("holiday_year_fkey", "UPDATE holiday SET year = 1999"),
        ("holiday_name_check", "UPDATE holiday SET name = NULL WHERE name IS NOT NULL"),
        ("holiday_year_document_number_check", "UPDATE holiday_year SET document_number = ' '"),
        ("population_residents_check", "UPDATE population SET residents = 0"),
        ("population_source_check", "UPDATE population SET source = ' '"),
        ("population_source_english_check", "UPDATE population SET source_english = ''"),
        ("notice_year_unique", "UPDATE notice SET year = 2024 WHERE document_number = '济兖政发〔2023〕2号'"),
        ("notice_document_number_unique", "UPDATE notice SET document_number = '济兖政发〔2024〕2号'"),
        ("notice_issued_on_check", "UPDATE notice SET state = 'DRAFT' WHERE document_number = '济兖政发〔2024〕2号'"),
        (
            "notice_supervisor_fkey",
            "UPDATE notice SET supervisor_id = (SELECT id FROM unit WHERE name = '市政府督查室') WHERE document_number = '济兖政发〔2024〕2号'",
        ),
        ("reporting_duty_grace_days_check", "UPDATE reporting_duty SET grace_days = -1"),
        ("project_number_unique", "UPDATE project SET number = 1"),
        ("task_number_unique", "UPDATE task SET number = 1"),
        ("task_project_fkey", "UPDATE task SET project_id = (SELECT id FROM project WHERE title = '食品安全') WHERE number = 30"),
        (
            "assignment_unit_unique",
            "INSERT INTO assignment (id, task_id, unit_id, role, position) SELECT task_id, task_id, unit_id, role, 9 FROM assignment WHERE role = 'LEAD'",
        ),
        ("assignment_role_check", "UPDATE assignment SET role = 'OBSERVER'"),
        ("target_value_check", "UPDATE target SET value = -1"),
        ("target_part_of_check", "UPDATE target SET part_of_id = id"),
        (
            "target_part_of_fkey",
            "UPDATE target SET part_of_id = (SELECT id FROM target WHERE label = '托位总数') WHERE label = '医育融合示范点'",
        ),
        (
            "target_indicator_fkey",
            "UPDATE target SET indicator_id = (SELECT id FROM indicator WHERE code = 'childcare-places-added') WHERE label = '托位总数'",
        ),
        ("target_label_unique", "UPDATE target SET label = '同名'"),
    ] {
        let error = app.execute(statement).await.expect_err(constraint);
        // SQLite names the rule only where it is a check; for the others it names the columns or nothing.
        let named = if app.raw.get_database_backend() == DatabaseBackend::Sqlite
            && (constraint.ends_with("_unique") || constraint.ends_with("_fkey"))
        {
            error.contains("constraint failed")
        } else {
            error.contains(constraint)
        };
        assert!(named, "{constraint}: {error}");
    }
}
