//! What the engine says of a document that it refuses, in the caller's language. It speaks English only, and of a syntax error it draws
//! the line, which may be as long as the document.

use std::borrow::Cow;

use language::{Language, Text};

/// What is said of a document that does not fit the schema: the engine's words, each `{}` standing for what it quotes, and ours, where
/// a number says which of these stands there. What is known to be refused before the engine looks is not among them.
const UNFIT: [(&str, &str); 31] = [
    ("Unknown field \"{}\" on type \"{}\".", "类型“{1}”没有字段“{0}”。"),
    ("Cannot query field \"{}\" on type \"{}\".", "类型“{1}”没有字段“{0}”。"),
    ("Unknown argument \"{}\" on field \"{}\" of type \"{}\".", "类型“{2}”的字段“{1}”没有参数“{0}”。"),
    ("Unknown argument \"{}\" on directive \"{}\".", "指令“{1}”没有参数“{0}”。"),
    ("Unknown directive \"{}\"", "没有指令“{0}”。"),
    ("Directive \"{}\" may not be used on \"{}\"", "指令“{0}”不能用在此处（{1}）。"),
    ("Duplicate directive \"{}\"", "指令“{0}”在同一处出现两次：请只写一次。"),
    ("Unknown type \"{}\"", "没有类型“{0}”。"),
    ("Unknown fragment: \"{}\"", "没有片段“{0}”：请定义它，或去掉对它的引用。"),
    ("Unknown fragment \"{}\".", "没有片段“{0}”：请定义它，或去掉对它的引用。"),
    ("Fragment \"{}\" is never used", "片段“{0}”没有用到：请使用它，或去掉它。"),
    ("Fragment \"{}\" cannot condition non composite type \"{}\"", "片段“{0}”不能建立在“{1}”上：它没有字段。"),
    ("Fragment cannot condition non composite type \"{}\"", "片段不能建立在“{0}”上：它没有字段。"),
    (
        "Fragment \"{}\" cannot be spread here as objects of type \"{}\" can never be of type \"{}\"",
        "片段“{0}”不能用在此处：“{1}”不会是“{2}”。",
    ),
    ("Fragment cannot be spread here as objects of type \"{}\" can never be of type \"{}\"", "片段不能用在此处：“{0}”不会是“{1}”。"),
    ("Cannot spread fragment \"{}\"", "片段“{0}”不能包含自身。"),
    ("Variable \"${}\" is not defined by operation \"{}\"", "操作“{1}”没有声明变量“${0}”。"),
    ("Variable \"${}\" is not defined", "变量“${0}”没有声明。"),
    ("Variable {} is not defined.", "变量“${0}”没有声明。"),
    ("Variable \"${}\" is not used by operation \"{}\"", "操作“{1}”没有用到变量“${0}”：请去掉它。"),
    ("Variable \"${}\" is not used", "变量“${0}”没有用到：请去掉它。"),
    ("Variable \"{}\" cannot be of non-input type \"{}\"", "变量“{0}”不能是“{1}”类型：它不是输入类型。"),
    ("Variable \"{}\" of type \"{}\" used in position expecting type \"{}\"", "变量“{0}”是“{1}”类型，此处需要“{2}”。"),
    ("There can only be one variable named \"${}\"", "变量“${0}”声明了两次：请只声明一次。"),
    ("There can only be one argument named \"{}\"", "参数“{0}”出现两次：请只写一次。"),
    ("Directive \"@{}\" argument \"{}\" of type \"{}\" is required but not provided", "指令“@{0}”缺少参数“{1}”（{2}）。"),
    ("Field \"{}\" argument \"{}\" of type \"{}\" is required but not provided", "字段“{0}”缺少参数“{1}”（{2}）。"),
    ("Field \"{}\" must not have a selection since type \"{}\" has no subfields", "字段“{0}”（{1}）没有子字段：请去掉其后的花括号。"),
    ("Field \"{}\" of type \"{}\" must have a selection of subfields", "字段“{0}”（{1}）有子字段：请在其后的花括号中写明要哪些。"),
    ("Unknown operation named \"{}\"", "没有名为“{0}”的操作。"),
    (SEVERAL, "文本中有几个操作：请用 operationName 指明其一。"),
];

/// What is said where nobody can tell which operation is meant, without what to do.
const SEVERAL: &str = "Operation name required in request.";

/// The same of values, after what introduces them.
const UNFIT_VALUES: [(&str, &str); 6] = [
    ("\"{}\", expected type \"{}\"", "“{0}”处需要“{1}”。"),
    ("\"{}\", enumeration type \"{}\" does not contain the value \"{}\"", "“{0}”处不能是“{2}”：“{1}”中没有它。"),
    ("\"{}\", field \"{}\" of type \"{}\" is required but not provided", "“{0}”处缺少“{1}”（{2}）。"),
    ("\"{}\", unknown field \"{}\" of type \"{}\"", "“{0}”处的“{1}”不在“{2}”中。"),
    ("\"{}\", Oneof input objects requires have exactly one field", "“{0}”处须有且只有一个字段。"),
    (
        "\"{}\", Oneof Input Objects require that exactly one field must be supplied and that field must not be null",
        "“{0}”处须有且只有一个字段，且不为 null。",
    ),
];

/// What introduces what is said of a value.
const OF_VALUES: [(&str, &str); 2] =
    [("Invalid value for argument ", "参数值无效："), ("Invalid default value for argument: ", "变量的默认值无效：")];

/// What is said where a document does not parse, but for what belongs there.
const UNREADABLE: [(&str, &str); 5] = [
    ("document contains multiple operations", "有几个操作时，每个都须有名称。"),
    ("operation {} is defined twice", "操作“{0}”定义了两次。"),
    ("fragment {} is defined twice", "片段“{0}”定义了两次。"),
    ("document does not contain an operation", "其中没有操作。"),
    ("recursion limit exceeded.", "嵌套过深：请拆分查询。"),
];

/// What may belong in a place, as the engine's grammar names it, in Chinese and in English.
const GRAMMAR: [(&str, &str, &str); 25] = [
    ("executable_document", "操作或片段", "an operation or a fragment"),
    ("executable_definition", "操作或片段", "an operation or a fragment"),
    ("EOI", "文本结束", "the end of the document"),
    ("operation_type", "query、mutation 或 subscription", "query, mutation or subscription"),
    ("variable_definitions", "变量声明", "definitions of variables"),
    ("variable_definition", "变量声明", "a definition of a variable"),
    ("variable", "变量", "a variable"),
    ("type_", "类型", "a type"),
    ("default_value", "默认值", "a default value"),
    ("directives", "指令", "a directive"),
    ("const_directives", "指令", "a directive"),
    ("directive", "指令", "a directive"),
    ("selection_set", "花括号中的字段", "a selection in braces"),
    ("selection", "字段或片段", "a field or a fragment"),
    ("alias", "别名", "an alias"),
    ("arguments", "参数", "arguments"),
    ("argument", "参数", "an argument"),
    ("type_condition", "on 和类型名", "`on` and a type"),
    ("name", "名称", "a name"),
    ("value", "值", "a value"),
    ("const_value", "不含变量的值", "a value without variables"),
    ("number", "数", "a number"),
    ("string_character", "字符串的内容或其引号", "the rest of a string, or its quote"),
    ("block_string_character", "字符串的内容或其三个引号", "the rest of a string, or its three quotes"),
    ("unicode_scalar_value_hex", "Unicode 字符的四位编号", "the four digits of a Unicode character"),
];

/// The engine's words on a document that does not fit the schema.
pub(crate) fn unfit(said: &str, language: Language) -> Cow<'_, str> {
    match language {
        Language::English if said == SEVERAL => Cow::Borrowed("The document has several operations: say which by `operationName`."),
        Language::English => Cow::Borrowed(said),
        Language::Chinese => in_chinese(said).map_or(Cow::Borrowed(said), Cow::Owned),
    }
}

/// The engine's words on a document that does not parse. It tells apart where that is.
pub(crate) fn unreadable(said: &str) -> Text {
    let expected = said.lines().next_back().and_then(|line| line.trim_start().strip_prefix("= expected "));
    if let Some(expected) = expected {
        let mut chinese: Vec<&str> = Vec::new();
        let mut english: Vec<&str> = Vec::new();
        for rule in expected.split([',', ' ']).filter(|word| !matches!(*word, "" | "or")) {
            let (_, in_chinese, in_english) = GRAMMAR.iter().find(|(name, ..)| *name == rule).copied().unwrap_or((rule, rule, rule));
            if !english.contains(&in_english) {
                chinese.push(in_chinese);
                english.push(in_english);
            }
        }
        return Text::new(format!("此处应为{}。", chinese.join("，或")), format!("expected {}.", english.join(", or ")));
    }
    let chinese = UNREADABLE.iter().find_map(|(theirs, ours)| Some(filled(ours, &quoted(theirs, said)?)));
    Text::new(chinese.unwrap_or_else(|| said.to_owned()), said)
}

fn in_chinese(said: &str) -> Option<String> {
    let of_value = OF_VALUES.iter().find_map(|(theirs, ours)| Some((said.strip_prefix(theirs)?, *ours)));
    let (said, begin, words) = match of_value {
        Some((value, begin)) => (value, begin, UNFIT_VALUES.as_slice()),
        None => (said, "", UNFIT.as_slice()),
    };
    let text = words.iter().find_map(|(theirs, ours)| Some(filled(ours, &quoted(theirs, said)?)))?;
    Some(format!("{begin}{text}"))
}

/// What stands in a text in place of each `{}` of a pattern; `None` where it is another text.
fn quoted<'a>(pattern: &str, mut said: &'a str) -> Option<Vec<&'a str>> {
    let mut pieces = pattern.split("{}");
    said = said.strip_prefix(pieces.next()?)?;
    let mut quoted = Vec::new();
    let mut pieces = pieces.peekable();
    while let Some(piece) = pieces.next() {
        // The last reaches to the end, so that a text which goes on is another.
        let end = if pieces.peek().is_none() { said.len().checked_sub(piece.len())? } else { said.find(piece)? };
        quoted.push(said.get(..end)?);
        said = said.get(end..)?.strip_prefix(piece)?;
    }
    said.is_empty().then_some(quoted)
}

/// A pattern with what belongs there in place of each number.
fn filled(pattern: &str, quoted: &[&str]) -> String {
    let mut text = String::new();
    let mut pieces = pattern.split('{');
    text.push_str(pieces.next().unwrap_or_default());
    for piece in pieces {
        let (number, rest) = piece.split_once('}').unwrap_or_default();
        let value = number.parse().ok().and_then(|number: usize| quoted.get(number)).copied().unwrap_or_default();
        text.push_str(value);
        text.push_str(rest);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_quoted_is_told_in_chinese() {
        for (said, told) in [
            ("Unknown field \"x\" on type \"Topic\".", "类型“Topic”没有字段“x”。"),
            ("Variable \"$v\" is not used by operation \"Q\"", "操作“Q”没有用到变量“$v”：请去掉它。"),
            ("Variable \"$v\" is not used", "变量“$v”没有用到：请去掉它。"),
            (
                "Invalid value for argument \"filter.kind\", enumeration type \"UnitKind\" does not contain the value \"X\"",
                "参数值无效：“filter.kind”处不能是“X”：“UnitKind”中没有它。",
            ),
            ("Something new", "Something new"),
        ] {
            assert_eq!(unfit(said, Language::Chinese), told);
            assert_eq!(unfit(said, Language::English), said);
        }
    }

    #[test]
    fn what_belongs_in_a_place_is_told_without_the_line() {
        let told = unreadable(" --> 1:5\n  |\n1 | { a( }\n  |     ^---\n  |\n  = expected alias, name, or selection");
        assert_eq!(told.in_language(Language::Chinese), "此处应为别名，或名称，或字段或片段。");
        assert_eq!(told.in_language(Language::English), "expected an alias, or a name, or a field or a fragment.");
        assert_eq!(unreadable("fragment F is defined twice").in_language(Language::Chinese), "片段“F”定义了两次。");
    }

    #[test]
    fn every_pattern_fills_what_it_quotes() {
        for (theirs, ours) in UNFIT.iter().chain(&UNFIT_VALUES).chain(&UNREADABLE) {
            let count = theirs.matches("{}").count();
            let said = (0..count).fold((*theirs).to_owned(), |text, number| text.replacen("{}", &format!("n{number}"), 1));
            let found = quoted(theirs, &said).expect("its own pattern");
            assert_eq!(found.len(), count, "{theirs}");
            let told = filled(ours, &found);
            assert!((0..count).all(|number| told.contains(&format!("n{number}"))), "{told}");
            let first = UNFIT.iter().find(|(pattern, _)| quoted(pattern, &said).is_some()).map(|(pattern, _)| pattern);
            assert!(first.is_none_or(|first| first == theirs), "{theirs} is taken for {first:?}");
        }
    }
}
