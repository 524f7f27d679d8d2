//! Off, then on: a swap of the active member, in one request where the instance refuses a second active one and in two
//! elsewhere. From its first write on it goes through or back, even when Terraform is interrupted.

use reconcile::exclusive::Travel;
use servicenow_core::{Record, ServiceError, SysId};

use super::{Back, Failure, Group, Row, dropped, name_of};
use crate::tables::{self, Cell};

/// What an instance answers that does not let this user send several writes in one request.
const NOT_OFFERED: [u16; 5] = [400, 403, 404, 405, 501];

impl Group<'_> {
    /// Deactivates these and activates that one.
    pub(super) async fn swap(
        &self,
        off: &[SysId],
        on: &SysId,
        travel: Travel,
        rows: &[Row],
    ) -> Result<(), Failure> {
        if travel == Travel::Together
            && !self.session.is_batch_refused()
            && let Some(outcome) = self.together(off, on, rows).await
        {
            return outcome;
        }
        self.apart(off, on, rows).await
    }

    /// In a request each.
    async fn apart(&self, off: &[SysId], on: &SysId, rows: &[Row]) -> Result<(), Failure> {
        for (count, id) in off.iter().enumerate() {
            if let Err(error) = self.set(id, false, rows).await {
                return self.lead_back(error, off.get(..count).unwrap_or_default(), (off, on), rows).await;
            }
        }
        match self.set_insistently(on, true, rows).await {
            Ok(()) => Ok(()),
            Err(error) => self.lead_back(error, off, (off, on), rows).await,
        }
    }

    /// In one request. `None`: the instance does not take several writes in one, and nothing was done.
    async fn together(&self, off: &[SysId], on: &SysId, rows: &[Row]) -> Option<Result<(), Failure>> {
        let column = self.exclusive.flag;
        let wanted = off.iter().map(|id| (id, false)).chain([(on, true)]);
        let cells: Vec<Cell<'_>> = wanted
            .map(|(id, active)| Cell { table: self.class(id, rows), id, column, value: active.to_string() })
            .collect();
        let error = match tables::write_in_one(self.session, &cells).await {
            Ok(answers) => answers.into_iter().zip(&cells).find_map(|(answer, cell)| failed(answer, cell)),
            Err(error) if error.status.is_some_and(|it| NOT_OFFERED.contains(&it)) => {
                self.session.refuses_batches();
                return None;
            }
            // It was not carried out.
            Err(error) if !error.kind.may_have_taken_effect() => return Some(Err(error.into())),
            Err(error) => Some(error),
        };
        match error {
            None => Some(Ok(())),
            Some(error) => Some(self.after_one_part(error, (off, on), rows).await),
        }
    }

    /// A part of one request failed, or nobody knows what became of it. What is true now decides how it goes on: what is
    /// merely not done yet is done, what was refused leads back.
    async fn after_one_part(
        &self,
        error: ServiceError,
        (off, on): (&[SysId], &SysId),
        rows: &[Row],
    ) -> Result<(), Failure> {
        let Ok(now) = self.rows_insistently().await else {
            // The new one may be active: activating the old one again could make two.
            return Err(Failure::Swap { error, back: None });
        };
        if is_active(&now, on) {
            return Ok(());
        }
        let is_open = error.kind.may_have_taken_effect();
        let left: Vec<SysId> = off.iter().filter(|it| is_active(&now, it)).cloned().collect();
        match (left.is_empty(), is_open) {
            (false, true) => self.apart(&left, on, rows).await,
            // Nothing was done.
            (false, false) if left.len() == off.len() => Err(error.into()),
            (true, true) => match self.set_insistently(on, true, rows).await {
                Ok(()) => Ok(()),
                Err(error) => self.lead_back(error, off, (off, on), rows).await,
            },
            (_, false) => self.lead_back(error, off, (off, on), rows).await,
        }
    }

    /// The new one could not be activated, or the old one not deactivated: the old one comes back, unless that could make
    /// two. `switched_off` are those that are known to be off.
    async fn lead_back(
        &self,
        error: ServiceError,
        switched_off: &[SysId],
        (off, on): (&[SysId], &SysId),
        rows: &[Row],
    ) -> Result<(), Failure> {
        let returns = match self.rows_insistently().await {
            Ok(now) if is_active(&now, on) => return Ok(()),
            // Only one comes back, and only where none is: two active ones would be our doing.
            Ok(now) => !now.iter().any(|it| it.member.active),
            Err(_) => !error.kind.may_have_taken_effect() && switched_off.len() == off.len(),
        };
        let back = match off.first().filter(|_| returns) {
            None => None,
            Some(id) => {
                let name = name_of(rows, id);
                Some(Back { name, error: self.set_insistently(id, true, rows).await.err() })
            }
        };
        Err(Failure::Swap { error, back })
    }
}

/// Why a part did not do what it was to do.
fn failed(answer: Result<Record, ServiceError>, cell: &Cell<'_>) -> Option<ServiceError> {
    let wanted = cell.value == true.to_string();
    match answer {
        Ok(row) if row.get(cell.column).is_none() || row.flag(cell.column) == wanted => None,
        Ok(_) => Some(dropped(cell.table, cell.id, cell.column)),
        Err(error) => Some(error),
    }
}

fn is_active(rows: &[Row], id: &SysId) -> bool {
    rows.iter().any(|it| it.member.active && it.member.sys_id == *id)
}
