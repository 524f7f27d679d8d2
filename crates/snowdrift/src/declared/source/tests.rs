//! Pieces of a file amount to the whole of it.

use super::*;

/// A file with that text.
fn file(text: &str) -> SourceFile {
    let text: Arc<str> = text.into();
    SourceFile { path: Path::new("main.tf").into(), has_settings: false, lines: lines(&text), text }
}

/// What a file is made of, parsed piece by piece: the blocks, and the line of each.
fn pieces(text: &str) -> Result<Vec<(Block, usize)>, LoadError> {
    let mut blocks = Vec::new();
    file(text).blocks(|file, block, offset| {
        use hcl_edit::Span as _;
        let line = file.place(offset, block.ident.span()).line;
        blocks.push((block, line));
        Ok(())
    })?;
    Ok(blocks)
}

/// A block of about a kilobyte, whose text looks like the end of a block and the beginning of another one.
fn block(number: usize) -> String {
    let filling = "x".repeat(900);
    format!(
        "resource \"t\" \"it{number}\" {{\n  text = <<EOT\n}}\n\nresource \"t\" \"none\" {{\n}}\nEOT\n  more = \"{filling}\"\n}}\n\n"
    )
}

#[test]
fn a_long_file_is_the_same_in_pieces_as_in_one() {
    let text: String = (0..300).map(block).collect();
    assert!(text.len() > 4 * PIECE);
    let pieces = pieces(&text).unwrap();
    let whole: Vec<Block> = hcl_edit::parser::parse_body(&text).unwrap().into_blocks().collect();
    assert_eq!(pieces.iter().map(|it| it.0.clone()).collect::<Vec<_>>(), whole);
    let lines: Vec<usize> = pieces.iter().map(|it| it.1).collect();
    assert_eq!(lines, (0..300).map(|it| it * 10 + 1).collect::<Vec<_>>(), "the line of each is known");
}

#[test]
fn a_text_that_is_longer_than_a_piece_and_full_of_braces_is_one_text() {
    let braces = "}\n".repeat(PIECE);
    let text = format!("{}locals {{\n  text = <<EOT\n{braces}EOT\n}}\n{}", block(0), block(1));
    let names: Vec<String> = pieces(&text).unwrap().iter().map(|it| it.0.ident.to_string()).collect();
    assert_eq!(names, ["resource", "locals", "resource"]);
}

#[test]
fn what_is_wrong_far_behind_is_told_at_its_line() {
    let mut text: String = (0..200).map(block).collect();
    text.push_str("resource \"t\" {\n  name = \n}\n");
    let Err(LoadError::Syntax { line, .. }) = pieces(&text) else { panic!("it is no HCL") };
    assert_eq!(line, 200 * 10 + 2);
}

#[test]
fn an_empty_file_and_one_without_a_last_line_end_are_files() {
    assert_eq!(pieces("").unwrap().len(), 0);
    assert_eq!(pieces("# nothing\n").unwrap().len(), 0);
    assert_eq!(pieces("locals { a = 1 }").unwrap().len(), 1);
}
