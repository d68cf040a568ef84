//! What a product says of its fields in the schema, beside their types and descriptions.

use async_graphql::TypeDirective;

/// 导出的表格中该列的中文标题，或枚举值的中文写法；英文取自名称。
///
/// The Chinese heading of the column that shows this field in an exported table, or the Chinese word of an enumeration's value. The English one is its name.
#[TypeDirective(location = "FieldDefinition", location = "EnumValue")]
pub fn heading(chinese: String) {}
