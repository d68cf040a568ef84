//! What the steps share: columns of the house's types, and constraints that always have a name.

use sea_orm_migration::prelude::*;

/// An id, or a reference to one.
pub fn uuid(name: &'static str) -> ColumnDef {
    ColumnDef::new(name).uuid().not_null().take()
}

/// A reference that may be absent.
pub fn uuid_null(name: &'static str) -> ColumnDef {
    ColumnDef::new(name).uuid().null().take()
}

/// Text of any length.
pub fn text(name: &'static str) -> ColumnDef {
    ColumnDef::new(name).text().not_null().take()
}

/// Text that may be absent.
pub fn text_null(name: &'static str) -> ColumnDef {
    ColumnDef::new(name).text().null().take()
}

/// A whole number.
pub fn integer(name: &'static str) -> ColumnDef {
    ColumnDef::new(name).integer().not_null().take()
}

/// A whole number that may be absent.
pub fn integer_null(name: &'static str) -> ColumnDef {
    ColumnDef::new(name).integer().null().take()
}

/// The primary key of one column or several.
pub fn primary_key(name: &'static str, columns: &[&'static str]) -> IndexCreateStatement {
    let mut key = Index::create().name(name).primary().take();
    for column in columns {
        key.col(*column);
    }
    key
}

/// A uniqueness rule inside `create table`.
pub fn unique(name: &'static str, columns: &[&'static str]) -> IndexCreateStatement {
    let mut index = Index::create().name(name).unique().take();
    for column in columns {
        index.col(*column);
    }
    index
}

/// An index beside a table.
pub fn index(name: &'static str, table: &'static str, columns: &[&'static str]) -> IndexCreateStatement {
    let mut index = Index::create().name(name).table(table).take();
    for column in columns {
        index.col(*column);
    }
    index
}

/// A reference of one column or, for rules such as "of the same task", of several.
pub fn foreign_key(
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
pub fn check(name: &'static str, condition: impl Into<String>) -> Check {
    Check::named(name, Expr::cust(condition.into()))
}

/// The rule that a column holds one of the words of an enumeration.
pub fn one_of(name: &'static str, column: &'static str, words: &[&str]) -> Check {
    let words = words.iter().map(|word| format!("'{word}'")).collect::<Vec<_>>().join(", ");
    check(name, format!("{column} IN ({words})"))
}

/// The rule that a text says something.
pub fn not_blank(name: &'static str, column: &'static str) -> Check {
    check(name, format!("length(trim({column})) > 0"))
}

/// Drops tables, the last created first.
pub async fn drop_tables(manager: &SchemaManager<'_>, tables: &[&'static str]) -> Result<(), DbErr> {
    for table in tables {
        manager.drop_table(Table::drop().table(*table).take()).await?;
    }
    Ok(())
}
