//! What the steps share: columns of the house's types, and constraints that always have a name.

use sea_orm_migration::{prelude::*, sea_orm::DatabaseBackend};

/// An id, or a reference to one.
pub(crate) fn uuid(name: &'static str) -> ColumnDef {
    ColumnDef::new(name).uuid().not_null().take()
}

/// A reference that may be absent.
pub(crate) fn uuid_null(name: &'static str) -> ColumnDef {
    ColumnDef::new(name).uuid().null().take()
}

/// Text of any length.
pub(crate) fn text(name: &'static str) -> ColumnDef {
    ColumnDef::new(name).text().not_null().take()
}

/// Text that may be absent.
pub(crate) fn text_null(name: &'static str) -> ColumnDef {
    ColumnDef::new(name).text().null().take()
}

/// A whole number.
pub(crate) fn integer(name: &'static str) -> ColumnDef {
    ColumnDef::new(name).integer().not_null().take()
}

/// A whole number that may be absent.
pub(crate) fn integer_null(name: &'static str) -> ColumnDef {
    ColumnDef::new(name).integer().null().take()
}

/// A whole number of 64 bits, or a point in time in microseconds since 1970.
pub(crate) fn big_integer(name: &'static str) -> ColumnDef {
    ColumnDef::new(name).big_integer().not_null().take()
}

/// The same, which may be absent.
pub(crate) fn big_integer_null(name: &'static str) -> ColumnDef {
    ColumnDef::new(name).big_integer().null().take()
}

/// Yes or no.
pub(crate) fn boolean(name: &'static str) -> ColumnDef {
    ColumnDef::new(name).boolean().not_null().take()
}

/// A civil date.
pub(crate) fn date(name: &'static str) -> ColumnDef {
    ColumnDef::new(name).date().not_null().take()
}

/// A civil date that may be absent.
pub(crate) fn date_null(name: &'static str) -> ColumnDef {
    ColumnDef::new(name).date().null().take()
}

/// The primary key of one column or several.
pub(crate) fn primary_key(name: &'static str, columns: &[&'static str]) -> IndexCreateStatement {
    let mut key = Index::create().name(name).primary().take();
    for column in columns {
        key.col(*column);
    }
    key
}

/// A uniqueness rule inside `create table`.
pub(crate) fn unique(name: &'static str, columns: &[&'static str]) -> IndexCreateStatement {
    let mut index = Index::create().name(name).unique().take();
    for column in columns {
        index.col(*column);
    }
    index
}

/// An index beside a table.
pub(crate) fn index(name: &'static str, table: &'static str, columns: &[&'static str]) -> IndexCreateStatement {
    let mut index = Index::create().name(name).table(table).take();
    for column in columns {
        index.col(*column);
    }
    index
}

/// A reference of one column or, for rules such as "of the same task", of several.
pub(crate) fn foreign_key(
    name: &'static str,
    from: (&'static str, &[&'static str]),
    to: (&'static str, &[&'static str]),
) -> ForeignKeyCreateStatement {
    let mut key = ForeignKey::create().name(name).take();
    for column in from.1 {
        key.from(from.0, *column);
    }
    for column in to.1 {
        key.to(to.0, *column);
    }
    key
}

/// A named rule that refers to columns of one row.
pub(crate) fn check(name: &'static str, condition: impl Into<String>) -> Check {
    Check::named(name, Expr::cust(condition.into()))
}

/// The rule that a column holds one of the words of an enumeration.
pub(crate) fn one_of(name: &'static str, column: &'static str, words: &[&str]) -> Check {
    let words = words.iter().map(|word| format!("'{word}'")).collect::<Vec<_>>().join(", ");
    check(name, format!("{column} IN ({words})"))
}

/// The rule that a text says something.
pub(crate) fn not_blank(name: &'static str, column: &'static str) -> Check {
    check(name, format!("length(trim({column})) > 0"))
}

/// Creates a table with all its rules named. The query builder leaves out the names of references where it writes for `SQLite`,
/// which keeps them like any database; a rule without a name cannot be told to the caller.
pub(crate) async fn create_table(manager: &SchemaManager<'_>, table: TableCreateStatement) -> Result<(), DbErr> {
    if manager.get_database_backend() != DatabaseBackend::Sqlite {
        return manager.create_table(table).await;
    }
    let keys = table.get_foreign_key_create_stmts().iter().map(|key| key.get_foreign_key().get_name().unwrap_or_default().to_owned());
    let unnamed = table.to_string(SqliteQueryBuilder);
    let mut parts = unnamed.split("FOREIGN KEY");
    let head = parts.next().unwrap_or_default().to_owned();
    let named = parts.zip(keys).fold(head, |sql, (part, name)| sql + "CONSTRAINT \"" + &name + "\" FOREIGN KEY" + part);
    manager.get_connection().execute_unprepared(&named).await.map(|_| ())
}

/// Drops tables, the last created first.
pub(crate) async fn drop_tables(manager: &SchemaManager<'_>, tables: &[&'static str]) -> Result<(), DbErr> {
    for table in tables {
        manager.drop_table(Table::drop().table(*table).take()).await?;
    }
    Ok(())
}
