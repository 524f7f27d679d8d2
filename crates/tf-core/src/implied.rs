//! The type that a schema gives to its values.

use crate::{Attribute, AttributeType, Block, NestedBlock, Nesting, Object, Type, Value};

impl Block {
    /// An object with one member per attribute and per nested block.
    pub fn implied_type(&self) -> Type {
        let attributes = self.attributes.iter().map(|it| (it.name.clone(), it.ty.implied_type()));
        let blocks = self.blocks.iter().map(|it| (it.name.clone(), it.implied_type()));
        Type::Object(attributes.chain(blocks).collect())
    }

    /// Adds what Terraform expects to be there: absent members as null, absent lists, sets and maps of blocks as
    /// empty, absent groups as objects.
    pub fn complete(&self, object: &mut Object) {
        for attribute in &self.attributes {
            object.entry(attribute.name.clone()).or_insert(Value::Null);
        }
        for block in &self.blocks {
            block.complete(object.entry(block.name.clone()).or_insert(Value::Null));
        }
    }
}

impl AttributeType {
    /// The type of the attribute's values.
    pub fn implied_type(&self) -> Type {
        match self {
            AttributeType::Plain(ty) => ty.clone(),
            AttributeType::Nested { nesting, attributes } => nesting.around(members(attributes)),
        }
    }
}

impl NestedBlock {
    /// The type of the block's values. A list or map of blocks whose elements may have different types is a tuple or
    /// an object that says its own type.
    pub fn implied_type(&self) -> Type {
        let element = self.block.implied_type();
        match self.nesting {
            Nesting::List | Nesting::Map if element.has_dynamic() => Type::Dynamic,
            nesting => nesting.around(element),
        }
    }

    pub(crate) fn complete(&self, value: &mut Value) {
        match (&mut *value, self.nesting) {
            (Value::Null, Nesting::List) => *value = Value::List(Vec::new()),
            (Value::Null, Nesting::Set) => *value = Value::Set(Vec::new()),
            (Value::Null, Nesting::Map) => *value = Value::Map(Object::new()),
            (Value::Null, Nesting::Group) => {
                let mut members = Object::new();
                self.block.complete(&mut members);
                *value = Value::Map(members);
            }
            (Value::Map(members), Nesting::Single | Nesting::Group) => self.block.complete(members),
            (Value::Map(members), Nesting::Map) => {
                members.values_mut().for_each(|it| self.complete_element(it))
            }
            (Value::List(items), _) => items.iter_mut().for_each(|it| self.complete_element(it)),
            (Value::Set(items), _) => {
                let mut items = std::mem::take(items);
                items.iter_mut().for_each(|it| self.complete_element(it));
                *value = Value::set(items);
            }
            _ => {}
        }
    }

    fn complete_element(&self, element: &mut Value) {
        if let Value::Map(members) = element {
            self.block.complete(members);
        }
    }
}

impl Nesting {
    fn around(self, element: Type) -> Type {
        match self {
            Nesting::Single | Nesting::Group => element,
            Nesting::List => Type::List(Box::new(element)),
            Nesting::Set => Type::Set(Box::new(element)),
            Nesting::Map => Type::Map(Box::new(element)),
        }
    }
}

impl Type {
    /// Whether any part of the type is decided by the value.
    pub fn has_dynamic(&self) -> bool {
        match self {
            Type::Dynamic => true,
            Type::Bool | Type::Number | Type::String => false,
            Type::List(element) | Type::Set(element) | Type::Map(element) => element.has_dynamic(),
            Type::Tuple(elements) => elements.iter().any(Type::has_dynamic),
            Type::Object(members) => members.values().any(Type::has_dynamic),
        }
    }
}

fn members(attributes: &[Attribute]) -> Type {
    Type::Object(attributes.iter().map(|it| (it.name.clone(), it.ty.implied_type())).collect())
}

#[cfg(test)]
mod tests;
