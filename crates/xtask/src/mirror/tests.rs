//! The mirror's settings and folder names.

use super::*;

#[test]
fn the_settings_name_the_mirror_and_nothing_else_for_our_provider() {
    let text = settings_text(Path::new("/a place/mirror"));
    assert!(text.contains("path    = \"/a place/mirror\"\n"), "{text}");
    assert_eq!(text.matches(ADDRESS).count(), 2, "{text}");
    assert!(text.contains("disable_checkpoint = true\n"), "{text}");
}

#[test]
fn a_path_cannot_end_its_own_quotes() {
    assert!(settings_text(Path::new(r#"/odd"name\"#)).contains(r#"path    = "/odd\"name\\""#));
}

#[test]
fn the_platform_has_a_system_and_a_processor() {
    assert_eq!(platform().split('_').count(), 2);
    assert!(!platform().contains("x86_64") && !platform().contains("macos"));
}
