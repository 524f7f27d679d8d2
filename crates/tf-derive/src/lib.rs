//! `#[derive(Model)]`: writes the field table that could be written by hand.
//!
//! The macro knows nothing about Terraform. For every field it passes on the name, the doc comment, two accessors, and
//! the tokens inside `#[tf(…)]`, which are ordinary method calls on `tf_core::Spec`; those above the struct itself are
//! method calls on `tf_core::Whole`. A field with `#[tf(flatten())]` is no attribute of its own: it holds attributes that
//! several models share, and they stand in its place.

use proc_macro::TokenStream;
use proc_macro2::TokenStream as Tokens;
use quote::{quote, quote_spanned};
use syn::ext::IdentExt;
use syn::parse::{Parse, ParseStream};
use syn::spanned::Spanned;
use syn::{Attribute, Data, DeriveInput, Error, Expr, Field, Fields, FieldsNamed, Ident, Lit, Meta, Type};

/// Implements `tf_core::Model` for a struct with named fields.
#[proc_macro_derive(Model, attributes(tf))]
pub fn derive_model(input: TokenStream) -> TokenStream {
    let input = syn::parse_macro_input!(input as DeriveInput);
    expand(&input).unwrap_or_else(Error::into_compile_error).into()
}

fn expand(input: &DeriveInput) -> syn::Result<Tokens> {
    let name = &input.ident;
    let Data::Struct(data) = &input.data else {
        return Err(Error::new_spanned(name, "`Model` can be derived for structs only"));
    };
    let Fields::Named(fields) = &data.fields else {
        return Err(Error::new_spanned(name, "`Model` needs named fields: they become attribute names"));
    };
    let doc = doc(&input.attrs);
    let table = table(fields)?;
    let whole = whole(input, fields);
    Ok(quote! {
        #[automatically_derived]
        impl ::tf_core::Model for #name {
            const DOC: &'static str = #doc;
            fn fields() -> ::std::vec::Vec<::tf_core::Field<Self>> {
                #table
            }
            #whole
        }
    })
}

/// What the struct says of itself as a whole, with what its parts say. `None`: nothing.
fn whole(input: &DeriveInput, fields: &FieldsNamed) -> Option<Tokens> {
    let own = spec(&input.attrs).map(|tokens| quote! { .#tokens });
    let parts: Vec<&Type> = fields.named.iter().filter(|it| is_part(&it.attrs)).map(|it| &it.ty).collect();
    if own.is_none() && parts.is_empty() {
        return None;
    }
    Some(quote! {
        fn whole() -> ::tf_core::Whole {
            ::tf_core::Whole::new() #own #(.with_part(<#parts as ::tf_core::Model>::whole()))*
        }
    })
}

/// Whether a field holds attributes that stand in its place.
fn is_part(attributes: &[Attribute]) -> bool {
    spec(attributes).is_some_and(|it| syn::parse2::<Flatten>(it.clone()).is_ok())
}

/// `flatten()`, and nothing behind it.
struct Flatten;

impl Parse for Flatten {
    fn parse(input: ParseStream<'_>) -> syn::Result<Flatten> {
        let word: Ident = input.parse()?;
        let inside;
        syn::parenthesized!(inside in input);
        if word == "flatten" && inside.is_empty() && input.is_empty() {
            return Ok(Flatten);
        }
        Err(Error::new_spanned(word, "not `flatten()`"))
    }
}

/// The rows of all fields.
fn table(fields: &FieldsNamed) -> syn::Result<Tokens> {
    if !fields.named.iter().any(|it| is_part(&it.attrs)) {
        let rows = fields.named.iter().map(row).collect::<syn::Result<Vec<_>>>()?;
        return Ok(quote! { ::std::vec![#(#rows),*] });
    }
    let groups = fields.named.iter().map(group).collect::<syn::Result<Vec<_>>>()?;
    Ok(quote! {
        let groups: ::std::vec::Vec<::std::vec::Vec<::tf_core::Field<Self>>> = ::std::vec![#(#groups),*];
        groups.into_iter().flatten().collect()
    })
}

/// The rows that stand in the place of one field.
fn group(field: &Field) -> syn::Result<Tokens> {
    let name = &field.ident;
    if !is_part(&field.attrs) {
        let row = row(field)?;
        return Ok(quote! { ::std::vec![#row] });
    }
    Ok(quote_spanned! { field.ty.span() =>
        ::tf_core::Field::of_part(|model: &Self| &model.#name, |model: &mut Self| &mut model.#name)
    })
}

fn row(field: &Field) -> syn::Result<Tokens> {
    let Some(name) = field.ident.as_ref() else {
        return Err(Error::new_spanned(field, "an attribute needs a name"));
    };
    // A field such as `r#type` is the attribute `type`.
    let label = name.unraw().to_string();
    let doc = doc(&field.attrs);
    if doc.is_empty() {
        let text = format!("attribute `{label}` has no description: write a `///` comment, users read it");
        return Err(Error::new_spanned(name, text));
    }
    let Some(spec) = spec(&field.attrs) else {
        let text = format!(
            "attribute `{label}` has no mode: add `#[tf(required())]`, `optional()` or `computed()`, or \
             `flatten()` where its own attributes stand in its place"
        );
        return Err(Error::new_spanned(name, text));
    };
    // The span of the type, so that a wrong type is reported where it is written.
    Ok(quote_spanned! { field.ty.span() =>
        ::tf_core::Field::new(#label, #doc, ::tf_core::Spec::#spec,
            |model: &Self| &model.#name, |model: &mut Self| &mut model.#name)
    })
}

/// What stands inside `#[tf(…)]`.
fn spec(attributes: &[Attribute]) -> Option<&Tokens> {
    attributes.iter().find_map(|attribute| match &attribute.meta {
        Meta::List(list) if list.path.is_ident("tf") => Some(&list.tokens),
        _ => None,
    })
}

fn doc(attributes: &[Attribute]) -> String {
    let lines = attributes.iter().filter_map(|attribute| match &attribute.meta {
        Meta::NameValue(pair) if pair.path.is_ident("doc") => match &pair.value {
            Expr::Lit(literal) => match &literal.lit {
                Lit::Str(text) => Some(line(&text.value()).to_owned()),
                _ => None,
            },
            _ => None,
        },
        _ => None,
    });
    lines.collect::<Vec<_>>().join("\n").trim().to_owned()
}

/// Without the blank behind `///`. Deeper indentation stays, because it means something in Markdown.
fn line(text: &str) -> &str {
    text.strip_prefix(' ').unwrap_or(text).trim_end()
}
