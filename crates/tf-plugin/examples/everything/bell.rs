//! `everything_bell`: an action that tells how far it is.

use async_trait::async_trait;
use tf_core::{Attr, Diagnostic, Diagnostics, Model, Object, Schema, check, model};
use tf_plugin::{Action, ActionPlan, Telling};

/// Rings.
#[derive(Clone, Debug, Default, PartialEq, Model)]
struct Attributes {
    /// How often.
    #[tf(required().check(check::range(0, 100)))]
    times: Attr<i64>,
    /// Who is meant. `nobody` makes it fail.
    #[tf(optional())]
    whom: Attr<String>,
}

pub struct Bell;

#[async_trait]
impl Action for Bell {
    fn type_name(&self) -> &str {
        "everything_bell"
    }

    fn schema(&self) -> Schema {
        model::schema::<Attributes>()
    }

    async fn plan(&self, config: &Object) -> ActionPlan {
        let config = Attributes::from_object(config).unwrap_or_default();
        let mut diagnostics = Diagnostics::none();
        if config.times.known() == Some(&0) {
            diagnostics.push(Diagnostic::warning("The bell stays silent", "It is to ring `0` times."));
        }
        ActionPlan { diagnostics, ..ActionPlan::default() }
    }

    async fn invoke(&self, config: Object, telling: &Telling) -> Diagnostics {
        let config = Attributes::from_object(&config).unwrap_or_default();
        for time in 1..=config.times.known().copied().unwrap_or(0) {
            telling.tell(format!("ring {time}")).await;
        }
        if config.whom.known().is_some_and(|it| it == "nobody") {
            let detail = "The bell rang for `nobody`, and nobody came. Ring for somebody else.";
            return Diagnostic::error("Nobody heard the bell", detail).into();
        }
        Diagnostics::none()
    }
}
