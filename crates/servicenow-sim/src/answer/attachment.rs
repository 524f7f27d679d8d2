//! The Attachment API: files that belong to records.

use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use servicenow_core::{Method, Response};

use super::failures::{self, json_response};
use super::{Call, header, verb};
use crate::access::Operation;
use crate::arrival::Arrival;
use crate::instance::text;
use crate::records::Wanted;
use crate::store::{Row, StoreError};

/// The table of what is known about files.
pub const TABLE: &str = "sys_attachment";
/// The table of their bytes.
const BYTES: &str = "sys_attachment_doc";
/// What a file is when nobody says it.
const CONTENT_TYPE_DEFAULT: &str = "application/octet-stream";

/// A file that is sent.
struct File {
    table_name: String,
    table_sys_id: String,
    file_name: String,
    content_type: String,
    bytes: Vec<u8>,
}

/// Whether a request is for this API and proves nothing.
pub fn is_asked(arrival: &Arrival) -> bool {
    let path = arrival.request.path.as_str();
    let here = ["/api/now/attachment", "/api/now/v1/attachment", "/api/now/v2/attachment"];
    here.iter().any(|it| path.starts_with(it)) && arrival.header("authorization").is_none()
}

impl Call<'_> {
    /// Answers a path below `attachment`, given as its parts.
    pub fn attachment(&self, arrival: &Arrival, path: &[&str]) -> Result<Response, StoreError> {
        match (verb(self.request), path) {
            (Method::Get | Method::Head, []) => self.list(),
            (Method::Get | Method::Head, [sys_id]) => match self.attached(sys_id)? {
                Some(row) => Ok(json_response(200, &json!({"result": self.described(&row)?}))),
                None => Ok(failures::no_record()),
            },
            (Method::Get | Method::Head, [sys_id, "file"]) => self.file(sys_id),
            (Method::Post, ["file"]) => self.add(raw(arrival)),
            (Method::Post, ["upload"]) => self.add(parted(arrival)),
            (Method::Delete, [sys_id]) => self.detach(sys_id),
            _ => Ok(failures::method_not_allowed()),
        }
    }

    /// What is known about a file, if the user may read the record that it belongs to.
    fn attached(&self, sys_id: &str) -> Result<Option<Row>, StoreError> {
        let found = self.seen(sys_id)?.map(|(_, row)| row);
        let Some(row) = found else {
            return Ok(None);
        };
        let readable = match self.instance.dictionary.table(text(&row, "table_name")) {
            Some(table) => self.rights.table(table, Operation::Read),
            None => true,
        };
        Ok(readable.then_some(row))
    }

    fn described(&self, row: &Row) -> Result<Value, StoreError> {
        let mut record = self.record(row)?;
        let link = format!("{}/api/now/attachment/{}/file", self.base, text(row, "sys_id"));
        if let Some(members) = record.as_object_mut() {
            members.insert("download_link".to_owned(), json!(link));
        }
        Ok(record)
    }

    fn file(&self, sys_id: &str) -> Result<Response, StoreError> {
        let Some(row) = self.attached(sys_id)? else {
            return Ok(failures::no_record());
        };
        let mine = [("sys_attachment", text(&row, "sys_id"))];
        let parts = self.instance.store.matching(&self.instance.dictionary, BYTES, &mine)?;
        let encoded = parts.first().map(|(_, it)| text(it, "data")).unwrap_or_default();
        let known = json!({"file_name": text(&row, "file_name"), "content_type": text(&row, "content_type")});
        let headers = vec![
            header("Content-Type", text(&row, "content_type")),
            header("X-Attachment-Metadata", &known.to_string()),
            header("Content-Disposition", &format!("attachment;filename={}", named_safely(&row))),
        ];
        Ok(Response { status: 200, headers, body: STANDARD.decode(encoded).unwrap_or_default() })
    }

    fn add(&self, file: Option<File>) -> Result<Response, StoreError> {
        let Some(file) = file else {
            return Ok(failures::failure(
                400,
                "Missing parameter",
                Some("table_name, table_sys_id and file_name are needed"),
            ));
        };
        let Some(table) = self.instance.dictionary.table(&file.table_name) else {
            return Ok(failures::invalid_table(&file.table_name));
        };
        let found = self.instance.store.find(&self.instance.dictionary, &table.name, &file.table_sys_id)?;
        let record = match found {
            Some((_, row)) if self.rights.row(table, &row, Operation::Read)? => row,
            _ => return Ok(failures::no_record()),
        };
        if !self.rights.row(table, &record, Operation::Write)? {
            return Ok(failures::acl("Insert"));
        }
        let added = self.insert(known(&file))?;
        let row = match added {
            Ok(row) => row,
            Err(failure) => return Ok(failure),
        };
        self.keep(&row, &file.bytes)?;
        let mut response = json_response(201, &json!({"result": self.described(&row)?}));
        let location = format!("{}/api/now/attachment/{}", self.base, text(&row, "sys_id"));
        response.headers.push(header("Location", &location));
        Ok(response)
    }

    /// Keeps the bytes of a file.
    fn keep(&self, attachment: &Row, bytes: &[u8]) -> Result<(), StoreError> {
        let Some(table) = self.instance.dictionary.table(BYTES) else {
            return Ok(());
        };
        let mut row: Row = table.columns.iter().map(|it| (it.name.clone(), it.default.clone())).collect();
        for (column, value) in [
            ("sys_id", uuid::Uuid::new_v4().simple().to_string()),
            ("sys_attachment", text(attachment, "sys_id").to_owned()),
            ("length", bytes.len().to_string()),
            ("data", STANDARD.encode(bytes)),
        ] {
            row.insert(column.to_owned(), value);
        }
        self.instance.store.insert(BYTES, &row)
    }

    fn detach(&self, sys_id: &str) -> Result<Response, StoreError> {
        let mine = [("sys_attachment", sys_id)];
        // Looked for first: what refers to a deleted row may be cleared.
        let bytes = self.instance.store.matching(&self.instance.dictionary, BYTES, &mine)?;
        if let Some(failure) = self.erase(sys_id)? {
            return Ok(failure);
        }
        for (table, row) in bytes {
            self.instance.store.delete(&table.name, text(&row, "sys_id"))?;
        }
        Ok(failures::empty(204))
    }
}

/// A name as a header can hold it.
fn named_safely(row: &Row) -> String {
    text(row, "file_name")
        .chars()
        .filter(|it| it.is_ascii_graphic() && !matches!(it, '"' | ';' | '\\'))
        .collect()
}

fn known(file: &File) -> Wanted {
    let hash: String = digest(&SHA256, &file.bytes).as_ref().iter().map(|it| format!("{it:02x}")).collect();
    let size = file.bytes.len().to_string();
    let columns = [
        ("table_name", file.table_name.clone()),
        ("table_sys_id", file.table_sys_id.clone()),
        ("file_name", file.file_name.clone()),
        ("content_type", file.content_type.clone()),
        ("size_bytes", size.clone()),
        ("size_compressed", size),
        ("hash", hash),
    ];
    columns.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}

/// A file that is the body itself; parameters say where it belongs.
fn raw(arrival: &Arrival) -> Option<File> {
    let named = |name: &str| arrival.parameter(name).filter(|it| !it.is_empty()).map(str::to_owned);
    Some(File {
        table_name: named("table_name")?,
        table_sys_id: named("table_sys_id")?,
        file_name: named("file_name")?,
        content_type: arrival.header("content-type").unwrap_or(CONTENT_TYPE_DEFAULT).to_owned(),
        bytes: arrival.bytes.clone(),
    })
}

/// A file in a form of several parts, whose other parts say where it belongs.
fn parted(arrival: &Arrival) -> Option<File> {
    let content = arrival.header("content-type")?;
    let (_, boundary) = content.split_once("boundary=")?;
    let boundary = boundary.split(';').next()?.trim().trim_matches('"');
    let parts: Vec<Part<'_>> = parts(&arrival.bytes, boundary.as_bytes());
    let field = |name: &str| {
        let found = parts.iter().find(|it| it.file_name.is_none() && it.name == name)?;
        Some(String::from_utf8_lossy(found.bytes).into_owned())
    };
    let file = parts.iter().find(|it| it.file_name.is_some())?;
    Some(File {
        table_name: field("table_name")?,
        table_sys_id: field("table_sys_id")?,
        file_name: file.file_name.clone()?,
        content_type: file.content_type.clone().unwrap_or_else(|| CONTENT_TYPE_DEFAULT.to_owned()),
        bytes: file.bytes.to_vec(),
    })
}

struct Part<'a> {
    name: String,
    file_name: Option<String>,
    content_type: Option<String>,
    bytes: &'a [u8],
}

fn parts<'a>(body: &'a [u8], boundary: &[u8]) -> Vec<Part<'a>> {
    let delimiter = [b"--", boundary].concat();
    let mut parts = Vec::new();
    let mut rest = after(body, &delimiter).map(|(_, rest)| rest);
    while let Some(text) = rest.filter(|it| !it.starts_with(b"--")) {
        let Some((part, next)) = after(text, &delimiter) else {
            break;
        };
        parts.extend(part_of(part));
        rest = Some(next);
    }
    parts
}

fn part_of(bytes: &[u8]) -> Option<Part<'_>> {
    let (head, content) = after(bytes.strip_prefix(b"\r\n")?, b"\r\n\r\n")?;
    let head = String::from_utf8_lossy(head).into_owned();
    let line = |name: &str| {
        let found =
            head.lines().filter_map(|it| it.split_once(':')).find(|(it, _)| it.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.trim().to_owned())
    };
    let disposition = line("content-disposition")?;
    let quoted = |name: &str| {
        let (_, rest) = disposition.split_once(&format!("; {name}=\""))?;
        rest.split('"').next().map(str::to_owned)
    };
    Some(Part {
        name: quoted("name")?,
        file_name: quoted("filename"),
        content_type: line("content-type"),
        bytes: content.strip_suffix(b"\r\n")?,
    })
}

/// What stands before and after the first occurrence of some bytes.
fn after<'a>(bytes: &'a [u8], mark: &[u8]) -> Option<(&'a [u8], &'a [u8])> {
    let at = bytes.windows(mark.len().max(1)).position(|it| it == mark)?;
    let (before, rest) = bytes.split_at(at);
    Some((before, rest.get(mark.len()..)?))
}
