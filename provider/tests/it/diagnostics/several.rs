//! Messages about several active connections of one alias.

use servicenow_core::Method;
use servicenow_sim::Fault;
use tf_core::Value;

use super::{all, frozen};
use crate::several::{Fleet, POINTER};
use crate::world::{attribute, text};

pub async fn brought_about(name: &str) -> Vec<String> {
    if name == "order_not_kept" {
        let columns = Value::Map([("sys_connection.order".to_owned(), text(""))].into());
        let it = Fleet::with("cascade", &[("columns", columns)]).await;
        return all(&it.world.apply(POINTER, None, &it.to(&["white", "blue"], &[])).await.1);
    }
    let it = Fleet::new("cascade").await;
    if name == "one_allowed" {
        let path = format!("/api/now/table/sys_alias/{}", attribute(&it.alias.1, "id"));
        it.world.hand(Method::Patch, &path, r#"{"multiple_connections":"false"}"#);
        return all(&it.world.plan(POINTER, None, &it.to(&["blue", "green"], &[])).await.2);
    }
    let state = it.put(None, &["green", "blue"]).await;
    if name == "several_failed" {
        it.world.simulator.fault(Fault::next(frozen()).on_method("PATCH").on_path(&it.id("red")));
        return all(&it.world.apply(POINTER, Some(&state), &it.to(&["red"], &[])).await.1);
    }
    it.by_hand("blue", r#"{"active":"false"}"#);
    all(&it.world.refresh(POINTER, &state).await.1)
}
