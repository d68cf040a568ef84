//! What one row cannot say by itself: a name belongs to one unit of a jurisdiction, whether its own or another it is known by, and
//! only collective units have members, which are none themselves.

use sea_orm_migration::{prelude::*, sea_orm::DatabaseBackend};

#[derive(DeriveMigrationName)]
pub struct Migration;

/// A rule across rows: its name, the writes after which it is checked, and a query that finds what breaks it, `NEW` being the row.
struct Rule {
    name: &'static str,
    table: &'static str,
    columns: &'static str,
    broken: &'static str,
}

const RULES: [Rule; 4] = [
    Rule {
        name: "unit_name_is_no_alias",
        table: "unit",
        columns: "name, jurisdiction_id",
        broken: "SELECT 1 FROM unit_alias WHERE jurisdiction_id = NEW.jurisdiction_id AND name = NEW.name",
    },
    Rule {
        name: "unit_alias_is_no_name",
        table: "unit_alias",
        columns: "name, jurisdiction_id",
        broken: "SELECT 1 FROM unit WHERE jurisdiction_id = NEW.jurisdiction_id AND name = NEW.name",
    },
    Rule {
        name: "unit_member_of_collective",
        table: "unit_member",
        columns: "collective_id, member_id",
        broken: "SELECT 1 FROM unit WHERE (id = NEW.collective_id AND kind <> 'COLLECTIVE') OR (id = NEW.member_id AND kind = 'COLLECTIVE')",
    },
    Rule {
        name: "unit_kind_of_members",
        table: "unit",
        columns: "kind",
        broken: "SELECT 1 FROM unit_member WHERE (collective_id = NEW.id AND NEW.kind <> 'COLLECTIVE') \
                 OR (member_id = NEW.id AND NEW.kind = 'COLLECTIVE')",
    },
];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let sqlite = manager.get_database_backend() == DatabaseBackend::Sqlite;
        for rule in RULES {
            for statement in if sqlite { rule.for_sqlite() } else { rule.for_postgres() } {
                manager.get_connection().execute_unprepared(&statement).await?;
            }
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let sqlite = manager.get_database_backend() == DatabaseBackend::Sqlite;
        for Rule { name, table, .. } in RULES {
            let statements = if sqlite {
                vec![format!("DROP TRIGGER {name}_inserted"), format!("DROP TRIGGER {name}_updated")]
            } else {
                vec![format!("DROP TRIGGER {name} ON {table}"), format!("DROP FUNCTION {name}()")]
            };
            for statement in statements {
                manager.get_connection().execute_unprepared(&statement).await?;
            }
        }
        Ok(())
    }
}

impl Rule {
    fn for_sqlite(&self) -> Vec<String> {
        let Self { name, table, columns, broken } = self;
        [("inserted", "INSERT".to_owned()), ("updated", format!("UPDATE OF {columns}"))]
            .map(|(when, write)| {
                format!(
                    "CREATE TRIGGER {name}_{when} AFTER {write} ON {table} WHEN EXISTS ({broken})
                     BEGIN SELECT RAISE(ABORT, 'constraint failed: {name}'); END"
                )
            })
            .to_vec()
    }

    fn for_postgres(&self) -> Vec<String> {
        let Self { name, table, columns, broken } = self;
        vec![
            format!(
                "CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$
                 BEGIN
                   IF EXISTS ({broken}) THEN
                     RAISE EXCEPTION 'constraint failed: {name}' USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = '{name}';
                   END IF;
                   RETURN NULL;
                 END $$"
            ),
            format!(
                "CREATE CONSTRAINT TRIGGER {name} AFTER INSERT OR UPDATE OF {columns} ON {table}
                 FOR EACH ROW EXECUTE FUNCTION {name}()"
            ),
        ]
    }
}
