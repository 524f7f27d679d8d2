//! Golden files: every example report in every form.

use clap::ValueEnum as _;

use super::*;
use crate::report::sample;

fn name(format: Format) -> String {
    format.to_possible_value().unwrap().get_name().to_owned()
}

#[test]
fn every_example_looks_as_it_was_approved() {
    for format in Format::value_variants() {
        // The document itself is the example, which `json` proves.
        for (example, _) in sample::FILES.iter().filter(|_| *format != Format::Json) {
            let text = render(*format, &sample::named(example), &Style::default(), &History::default());
            insta::assert_snapshot!(format!("{}-{example}", name(*format)), text);
        }
    }
}

#[test]
fn a_terminal_has_colours_and_lines_that_fit() {
    let style = Style { colour: true, width: Some(72) };
    insta::assert_snapshot!(
        "text-everything-terminal",
        render(Format::Text, &sample::everything(), &style, &History::default())
    );
}

#[test]
fn nothing_invisible_reaches_a_terminal() {
    for format in Format::value_variants() {
        let text = render(*format, &sample::hostile(), &Style::default(), &History::default());
        let found: Vec<char> =
            text.chars().filter(|it| clean::is_invisible(*it) && !matches!(it, '\n' | '\t')).collect();
        assert_eq!(found, Vec::<char>::new(), "{}", name(*format));
    }
}

#[test]
fn every_form_is_the_same_each_time() {
    for format in Format::value_variants() {
        let once = || render(*format, &sample::everything(), &Style::default(), &History::default());
        assert_eq!(once(), once(), "{}", name(*format));
    }
}
