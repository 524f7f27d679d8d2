//! Where one resource lives: a table that is read in both directions.

/// The records of one resource, those that others refer to first.
#[derive(Debug)]
pub struct Layout {
    /// The records.
    pub records: &'static [RecordLayout],
}

/// One record of a resource.
#[derive(Debug)]
pub struct RecordLayout {
    /// Its name within the resource.
    pub slot: &'static str,
    /// Its table.
    pub table: &'static str,
    /// It exists only while this attribute has a value.
    pub when: Option<&'static str>,
    /// Its columns.
    pub columns: &'static [Column],
}

/// One column of a record.
#[derive(Debug)]
pub struct Column {
    /// Its name on the instance.
    pub name: &'static str,
    /// What it holds.
    pub holds: Holds,
}

/// What a column holds, in terms of the resource's attributes (dotted paths).
#[derive(Debug, PartialEq, Eq)]
pub enum Holds {
    /// The id of the record. On the record that has it, the attribute is the resource's id.
    SysId(&'static str),
    /// Text; null and the empty text are the same on the instance.
    Text(&'static str),
    /// A number.
    Number(&'static str),
    /// A boolean.
    Flag(&'static str),
    /// A word that is spelled differently on the instance: ours, theirs.
    Choice(&'static str, &'static [(&'static str, &'static str)]),
    /// The id of a record in another table, which must exist.
    Reference(&'static str, &'static str),
    /// Ids of records in another table, which must exist; without order.
    References(&'static str, &'static str),
    /// Written and never read. The second attribute is its version: a change of it writes the secret again.
    Secret(&'static str, &'static str),
    /// Calculated by the instance: read and never written.
    Calculated(&'static str),
    /// Whether the record is the active one of its group. Created inactive, and switched on by
    /// [`exclusive`](crate::exclusive) alone, never by a plain write.
    Switch(&'static str),
    /// The id of another record of this resource; empty while that one is not wanted.
    Slot(&'static str),
    /// Always this text.
    Fixed(&'static str),
}

impl Holds {
    /// The attributes that the column carries.
    pub fn attributes(&self) -> Vec<&'static str> {
        match self {
            Holds::SysId(it)
            | Holds::Text(it)
            | Holds::Number(it)
            | Holds::Flag(it)
            | Holds::Choice(it, _)
            | Holds::Reference(it, _)
            | Holds::References(it, _)
            | Holds::Calculated(it)
            | Holds::Switch(it) => vec![it],
            Holds::Secret(it, version) => vec![it, version],
            Holds::Slot(_) | Holds::Fixed(_) => Vec::new(),
        }
    }
}

impl Layout {
    /// The record that carries the resource's id.
    pub fn main(&self) -> Option<&'static RecordLayout> {
        self.records.iter().find(|record| record.columns.iter().any(|it| matches!(it.holds, Holds::SysId(_))))
    }

    /// A record by its slot.
    pub fn record(&self, slot: &str) -> Option<&'static RecordLayout> {
        self.records.iter().find(|it| it.slot == slot)
    }
}

impl RecordLayout {
    /// The columns to ask for. Secrets are not among them: what an instance answers for one is of no use.
    pub fn readable(&self) -> Vec<&'static str> {
        let readable = |it: &&Column| !matches!(it.holds, Holds::Secret(..) | Holds::SysId(_));
        self.columns.iter().filter(readable).map(|it| it.name).collect()
    }
}
