//! Where one resource lives: a table that is read in both directions.

/// The records of one resource, those that others refer to first.
#[derive(Debug)]
pub struct Layout {
    /// The records.
    pub records: &'static [RecordLayout],
}

/// One record of a resource, or the records of one kind that it has many of.
#[derive(Debug)]
pub struct RecordLayout {
    /// Its name within the resource.
    pub slot: &'static str,
    /// Its table.
    pub table: &'static str,
    /// When there is one, and how many.
    pub exists: Exists,
    /// Its columns.
    pub columns: &'static [Column],
}

/// When there is a record, and how many.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exists {
    /// One, always.
    Always,
    /// One, while this attribute has a value.
    While(&'static str),
    /// One for each entry of this attribute: a map of objects, whose members are the attributes that the columns hold, or
    /// a set of texts. Exactly one column holds the key of the entry; another one holds the record that they belong to.
    ForEach(&'static str),
}

/// One column of a record.
#[derive(Clone, Copy, Debug)]
pub struct Column {
    /// Its name on the instance.
    pub name: &'static str,
    /// What it holds.
    pub holds: Holds,
    /// How sure its name is.
    pub certainty: Certainty,
}

/// How sure the name of a column is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Certainty {
    /// It is documented, or was seen on an instance.
    Documented,
    /// It follows from the label on the form. It is looked up before it is written, and users can correct it.
    Assumed,
}

impl Column {
    /// A column whose name is documented.
    pub const fn new(name: &'static str, holds: Holds) -> Column {
        Column { name, holds, certainty: Certainty::Documented }
    }

    /// The same column, of whose name nobody is certain.
    #[must_use]
    pub const fn assumed(self) -> Column {
        Column { certainty: Certainty::Assumed, ..self }
    }
}

/// Records that people refer to by sys_id or by name.
#[derive(Debug, PartialEq, Eq)]
pub struct Lookup {
    /// Their table.
    pub table: &'static str,
    /// The columns that people know one by, the surest first.
    pub keys: &'static [&'static str],
}

/// Words that the instance keeps for a column: people see a label, the column holds a value.
#[derive(Debug, PartialEq, Eq)]
pub struct Choices {
    /// Table and column with a dot between them, by which what a word stands for is remembered.
    pub name: &'static str,
    /// The table of the column.
    pub table: &'static str,
    /// The column.
    pub column: &'static str,
    /// Words of ours, each of which stands for the only choice that has it in its value or label. Where the instance does
    /// not show its choices it is the value.
    pub words: &'static [&'static str],
}

/// What a column holds, in terms of the resource's attributes (dotted paths).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Holds {
    /// The id of the record. On the record that has it, the attribute is the resource's id.
    SysId(&'static str),
    /// Text; null and the empty text are the same on the instance.
    Text(&'static str),
    /// A script or another text of several lines: line ends and blanks at the end do not count.
    Lines(&'static str),
    /// A number.
    Number(&'static str),
    /// A boolean.
    Flag(&'static str),
    /// A word that is spelled differently on the instance: ours, theirs.
    Choice(&'static str, &'static [(&'static str, &'static str)]),
    /// A word that the instance keeps for the column: its value or its label. The state keeps the form that the user
    /// chose.
    Labelled(&'static str, &'static Choices),
    /// The id of a record in another table, which must exist.
    Reference(&'static str, &'static str),
    /// Ids of records in another table, which must exist; without order.
    References(&'static str, &'static str),
    /// A record in another table, which must exist: its id, or a name that people know it by. The state keeps the form
    /// that the user chose.
    Lookup(&'static str, &'static Lookup),
    /// Records in another table, which must exist; without order.
    Lookups(&'static str, &'static Lookup),
    /// Written and never read. The second attribute is its version: a change of it writes the secret again.
    Secret(&'static str, &'static str),
    /// Calculated by the instance: read and never written.
    Calculated(&'static str),
    /// A boolean that the instance decides: read and never written.
    Observed(&'static str),
    /// Read for what is made of it, without an attribute of its own.
    Read,
    /// Whether the record is the active one of its group. Created inactive, and switched on by
    /// [`exclusive`](crate::exclusive) alone, never by a plain write.
    Switch(&'static str),
    /// The id of another record of this resource; empty while that one is not wanted.
    Slot(&'static str),
    /// Always this text.
    Fixed(&'static str),
    /// Of many records: the key of the entry.
    Key,
    /// Of many records: the entry itself, a record in another table.
    KeyLookup(&'static Lookup),
    /// Of many records: those with another text here belong to somebody else. It is never written.
    Only(&'static str),
}

impl Holds {
    /// The attributes that the column carries; within an entry where there are many records.
    pub fn attributes(&self) -> Vec<&'static str> {
        match self {
            Holds::SysId(it)
            | Holds::Text(it)
            | Holds::Lines(it)
            | Holds::Number(it)
            | Holds::Flag(it)
            | Holds::Choice(it, _)
            | Holds::Labelled(it, _)
            | Holds::Reference(it, _)
            | Holds::References(it, _)
            | Holds::Lookup(it, _)
            | Holds::Lookups(it, _)
            | Holds::Calculated(it)
            | Holds::Observed(it)
            | Holds::Switch(it) => vec![it],
            Holds::Secret(it, version) => vec![it, version],
            Holds::Slot(_)
            | Holds::Fixed(_)
            | Holds::Read
            | Holds::Key
            | Holds::KeyLookup(_)
            | Holds::Only(_) => Vec::new(),
        }
    }

    /// Where what it refers to by name is looked up.
    pub fn lookup(&self) -> Option<&'static Lookup> {
        match self {
            Holds::Lookup(_, lookup) | Holds::Lookups(_, lookup) | Holds::KeyLookup(lookup) => Some(lookup),
            _ => None,
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

    /// The attributes of the resource that have a column or records, in order.
    pub fn attributes(&self) -> Vec<&'static str> {
        self.records.iter().flat_map(RecordLayout::attributes).collect()
    }
}

impl RecordLayout {
    /// The columns to ask for. Secrets are not among them: what an instance answers for one is of no use.
    pub fn readable(&self) -> Vec<&'static str> {
        let readable = |it: &&Column| !matches!(it.holds, Holds::Secret(..) | Holds::SysId(_));
        self.columns.iter().filter(readable).map(|it| it.name).collect()
    }

    /// The attributes of the resource that it carries: of many records the one whose entries they are.
    pub fn attributes(&self) -> Vec<&'static str> {
        match self.exists {
            Exists::ForEach(attribute) => vec![attribute],
            Exists::Always | Exists::While(_) => {
                self.columns.iter().flat_map(|it| it.holds.attributes()).collect()
            }
        }
    }

    /// The column that holds the key of an entry.
    pub fn key(&self) -> Option<&'static Column> {
        self.columns.iter().find(|it| matches!(it.holds, Holds::Key | Holds::KeyLookup(_)))
    }

    /// The column that refers to another record of the resource.
    pub fn refers_to(&self, slot: &str) -> Option<&'static Column> {
        self.columns.iter().find(|it| matches!(it.holds, Holds::Slot(other) if other == slot))
    }
}
