//! `#[derive(Model)]`: writes the field table that could be written by hand.
//!
//! The macro knows nothing about Terraform. For every field it passes on the name, the doc comment, two accessors, and
//! the tokens inside `#[tf(…)]`, which are ordinary method calls on `tf_core::Spec`; those above the struct itself are
//! method calls on `tf_core::Whole`.

use proc_macro::TokenStream;
use proc_macro2::TokenStream as Tokens;
use quote::{quote, quote_spanned};
use syn::ext::IdentExt;
use syn::spanned::Spanned;
use syn::{Attribute, Data, DeriveInput, Error, Expr, Field, Fields, Lit, Meta};

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
    let rows = fields.named.iter().map(row).collect::<syn::Result<Vec<_>>>()?;
    let whole = spec(&input.attrs).map(|tokens| {
        quote! {
            fn whole() -> ::tf_core::Whole {
                ::tf_core::Whole::new().#tokens
            }
        }
    });
    Ok(quote! {
        #[automatically_derived]
        impl ::tf_core::Model for #name {
            const DOC: &'static str = #doc;
            fn fields() -> ::std::vec::Vec<::tf_core::Field<Self>> {
                ::std::vec![#(#rows),*]
            }
            #whole
        }
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
        let text =
            format!("attribute `{label}` has no mode: add `#[tf(required())]`, `optional()` or `computed()`");
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
