//! Tests of paths.

use super::*;

#[test]
fn paths_read_like_configuration() {
    let path = Path::attribute("items")
        .then(Step::Index(0))
        .then(Step::Attribute("headers".to_owned()))
        .then(Step::Key("a \"b\"".to_owned()));
    assert_eq!(path.to_string(), r#"items[0].headers["a \"b\""]"#);
    assert_eq!(Path::root().to_string(), "");
}
