//! What is compared when: an object as soon as everything about it is decided, some hundred at a time, so that what it was
//! compared from is forgotten at once. What was found of it may decide others, which are evaluated again and come next. What
//! is never decided comes last.

use std::collections::HashMap;
use std::sync::Arc;

use tf_core::Object;
use tf_plugin::State;
use tokio::task::JoinSet;

use super::findings::{place, sentence};
use super::matching::{self, Match};
use super::pair::{Declaration, Pair};
use super::tables::Tables;
use super::wish::Wish;
use super::{Compared, Options, Source, differences, text};
use crate::declared::nested::is_computed;
use crate::declared::{Declared, Known, Resource};
use crate::live::Live;
use crate::report::Undecided;

/// Rounds of evaluating and matching at most: references between resources are rarely five deep, and each round that
/// finds nothing new is the last one anyway.
const ROUNDS_MAX: usize = 16;

/// Objects that are compared together: enough to keep every thread busy and to have reads of one table asked for together, few
/// enough that what is read and planned of them takes a few megabytes.
const TOGETHER: usize = 512;

/// Compares what is declared, round after round.
pub struct Rounds<'a> {
    live: &'a Arc<Live>,
    tables: &'a Arc<Tables>,
    options: &'a Options,
    /// What is known of live objects, as long as anything is evaluated again.
    known: Option<Known>,
    /// Which address a record belongs to, by type and id.
    owners: HashMap<(String, String), String>,
    compared: Compared,
}

impl<'a> Rounds<'a> {
    /// Nothing is compared yet.
    pub fn new(live: &'a Arc<Live>, tables: &'a Arc<Tables>, options: &'a Options) -> Rounds<'a> {
        let (known, owners, compared) = (Some(Known::new()), HashMap::new(), Compared::default());
        Rounds { live, tables, options, known, owners, compared }
    }

    /// Compares everything. The files are forgotten on return.
    pub async fn all(mut self, mut source: Source, first: Declared) -> Compared {
        let mut open = first;
        for _ in 0..ROUNDS_MAX {
            let (decided, rest) = self.told_apart(std::mem::take(&mut open.resources));
            if rest.is_empty() && open.undecided.is_empty() && !source.is_final() {
                // Nothing is left to be evaluated: neither the files nor what is known are asked for again.
                source = Source::Objects(Declared::default());
                self.known = None;
            }
            let found = self.settle(decided).await;
            open.resources = rest;
            if found == 0 || source.is_final() || open.is_decided() {
                break;
            }
            // Both at a time would be twice the memory.
            drop(open);
            open = self.evaluated(&mut source);
        }
        let mut undecided = if open.resources.is_empty() {
            std::mem::take(&mut open.undecided)
        } else {
            self.finish(&mut source, open).await
        };
        undecided.extend(source.undecided().iter().cloned());
        drop(source);
        self.compared.undecided.extend(undecided.iter().filter_map(of_this_provider(self.live)));
        self.compared
            .pairs
            .sort_unstable_by(|one, other| one.declaration.address.cmp(&other.declaration.address));
        self.compared
    }

    fn evaluated(&self, source: &mut Source) -> Declared {
        let known = self.known.as_ref();
        let work = || known.map(|it| source.declared(self.live.schemas(), it)).unwrap_or_default();
        self.options.timings.of("evaluation", work)
    }

    /// What is decided, and what is not yet. What is of another provider is in neither.
    fn told_apart(&mut self, resources: Vec<Resource>) -> (Vec<Resource>, Vec<Resource>) {
        let (mut decided, mut rest) = (Vec::new(), Vec::new());
        for resource in resources {
            if self.live.schema(&resource.type_name).is_none() {
                self.asked_no_more(&resource);
            } else if resource.provider != self.options.provider {
                self.asked_no_more(&resource);
                let reason = other_provider(&resource);
                self.doubt(&resource, &[reason]);
            } else if resource.is_decided() {
                decided.push(resource);
            } else {
                rest.push(resource);
            }
        }
        (decided, rest)
    }

    /// Compares what is decided, and says how many live objects that came to.
    async fn settle(&mut self, decided: Vec<Resource>) -> usize {
        if !decided.is_empty() {
            self.options.watch.0.begins("Comparing objects", decided.len());
        }
        let (mut found, mut decided) = (0, decided.into_iter());
        loop {
            let some: Vec<Resource> = decided.by_ref().take(TOGETHER).collect();
            if some.is_empty() {
                return found;
            }
            let matched = self.matched(some).await;
            let mut outcomes = Vec::with_capacity(matched.len());
            for (resource, outcome) in matched {
                self.asked_no_more(&resource);
                let (wish, matched) = outcome.unzip();
                let matched = matched.unwrap_or_else(mistake);
                found += usize::from(self.learn(&resource, &matched));
                outcomes.push((resource, wish, matched));
            }
            self.plan(outcomes).await;
        }
    }

    /// Compares what is never decided as far as it is: what is found of it may still decide more of the others. What was
    /// undecided as a whole is left over.
    async fn finish(&mut self, source: &mut Source, mut open: Declared) -> Vec<crate::declared::Undecided> {
        let mut matches: HashMap<String, Match> = HashMap::new();
        for _ in 0..ROUNDS_MAX {
            // What was said of an object may change only as long as it is undecided.
            let is_open =
                |it: &Resource| matches.get(&it.address).is_none_or(|it| matches!(it, Match::Undecided(_)));
            let (sought, mut rest): (Vec<Resource>, Vec<Resource>) =
                std::mem::take(&mut open.resources).into_iter().partition(is_open);
            self.options.watch.0.begins("Comparing objects", sought.len());
            let mut found = 0;
            for (resource, outcome) in self.matched(sought).await {
                let matched = outcome.map_or_else(mistake, |(_, matched)| matched);
                found += usize::from(self.learn(&resource, &matched));
                matches.insert(resource.address.clone(), matched);
                rest.push(resource);
            }
            open.resources = rest;
            if found == 0 || source.is_final() || open.is_decided() {
                break;
            }
            drop(open);
            open = self.evaluated(source);
            let (decided, undecided) = self.told_apart(std::mem::take(&mut open.resources));
            open.resources = decided.into_iter().chain(undecided).collect();
        }
        open.resources.sort_by(|one, other| one.address.cmp(&other.address));
        let mut resources = open.resources.into_iter();
        loop {
            let some: Vec<Resource> = resources.by_ref().take(TOGETHER).collect();
            if some.is_empty() {
                return open.undecided;
            }
            let with_match = |it: Resource| {
                let matched = matches.remove(&it.address).unwrap_or_else(mistake);
                (it, None, matched)
            };
            let outcomes = some.into_iter().map(with_match).collect();
            self.plan(outcomes).await;
        }
    }

    /// Which record each resource is. Nothing is said of one whose task ended with a mistake in this program.
    async fn matched(&self, resources: Vec<Resource>) -> Vec<(Resource, Option<(Wish, Match)>)> {
        let work = async {
            let resources = Arc::new(resources);
            let mut outcomes: Vec<Option<(Wish, Match)>> = resources.iter().map(|_| None).collect();
            let mut jobs = JoinSet::new();
            for place in 0..resources.len() {
                let (live, tables, resources) = (self.live.clone(), self.tables.clone(), resources.clone());
                jobs.spawn(async move {
                    let resource = resources.get(place)?;
                    let wish = Wish::of(&live, resource);
                    let matched = matching::find(&live, &tables, resource, &wish).await;
                    Some((place, wish, matched))
                });
            }
            while let Some(job) = jobs.join_next().await {
                self.options.watch.0.advances(1);
                let Ok(Some((place, wish, matched))) = job else { continue };
                if let Some(outcome) = outcomes.get_mut(place) {
                    *outcome = Some((wish, matched));
                }
            }
            Arc::unwrap_or_clone(resources).into_iter().zip(outcomes).collect()
        };
        self.options.timings.during("matching", work).await
    }

    /// Notes what a configuration may leave to the provider: the rest of an object is known from the configuration. Says
    /// whether anything was found.
    fn learn(&mut self, resource: &Resource, matched: &Match) -> bool {
        let Match::Live(state) = matched else { return false };
        let live = self.live;
        let attributes = live.schema(&resource.type_name).into_iter().flat_map(|it| &it.block.attributes);
        let computed = attributes.filter(|it| is_computed(it));
        let member = |name: &'a str| Some((name, state.object.get(name)?.clone()));
        if let Some(known) = &mut self.known {
            known.insert(&resource.address, computed.filter_map(|it| member(it.name.as_str())));
        }
        true
    }

    /// What a resource declares is not evaluated again.
    fn asked_no_more(&mut self, resource: &Resource) {
        if let Some(known) = &mut self.known {
            known.settle(&resource.address);
        }
    }

    /// Plans what was found on both sides, in the order of the addresses: a record that two of them declare is the first one's.
    async fn plan(&mut self, outcomes: Vec<(Resource, Option<Wish>, Match)>) {
        let mut plans = JoinSet::new();
        for (resource, wish, matched) in outcomes {
            match matched {
                Match::Live(state) => match self.other_owner(&resource, &state.object) {
                    Some(owner) => self.doubt(&resource, &[twice(&owner)]),
                    None => {
                        let live = self.live.clone();
                        plans.spawn(async move {
                            let wish = wish.unwrap_or_else(|| Wish::of(&live, &resource));
                            planned(&live, resource, &wish, *state).await
                        });
                    }
                },
                Match::Missing => self.compared.missing.push(Declaration::of(resource)),
                Match::Hidden(reason) => self.compared.hidden.push((Declaration::of(resource), reason)),
                Match::Undecided(reasons) => self.doubt(&resource, &reasons),
            }
        }
        let done = self.options.timings.during("planning", plans.join_all()).await;
        for (pair, undecided) in done {
            self.compared.undecided.extend(undecided);
            self.compared.pairs.push(pair);
        }
    }

    /// The address that has the record of an object already. Without one the record is this one's from now on.
    fn other_owner(&mut self, resource: &Resource, object: &Object) -> Option<String> {
        let id = text(object, "id")?;
        let key = (resource.type_name.clone(), id.to_owned());
        let owner = self.owners.get(&key).cloned();
        if owner.is_none() {
            self.owners.insert(key, resource.address.clone());
        }
        owner
    }

    fn doubt(&mut self, resource: &Resource, reasons: &[String]) {
        self.compared.undecided.push(doubt(resource, None, &resource.place, reasons));
    }
}

fn mistake() -> Match {
    Match::Undecided(vec!["a mistake in this program ended the search for its record".to_owned()])
}

fn twice(owner: &str) -> String {
    format!(
        "the record that it would be is declared by `{owner}` as well; one of the two has to be another one"
    )
}

fn other_provider(resource: &Resource) -> String {
    match &resource.provider {
        Some(alias) => format!(
            "it is under the provider block with the alias `{alias}`; name it with `provider = \"{alias}\"` for an instance \
             of `snowdrift.toml`"
        ),
        None => "it is under the provider block without an alias, and this instance is that of another one"
            .to_owned(),
    }
}

fn doubt(
    resource: &Resource,
    attribute: Option<&str>,
    written: &crate::declared::Place,
    reasons: &[String],
) -> Undecided {
    Undecided {
        address: resource.address.clone(),
        attribute: attribute.map(str::to_owned),
        place: place(written),
        reasons: reasons.iter().map(|it| sentence(it)).collect(),
    }
}

async fn planned(live: &Live, resource: Resource, wish: &Wish, state: State) -> (Pair, Vec<Undecided>) {
    let mut doubts: Vec<Undecided> =
        wish.undecided.iter().map(|(name, it)| doubt(&resource, Some(name), &it.place, &it.doubts)).collect();
    let (config, prior) = wish.beside(live, state.object);
    let prior = State { object: prior, private: state.private };
    let planned = live.plan(&resource.type_name, Some(&prior), &config).await;
    let mut said = planned.said;
    if resource.remembered.is_none() {
        // What a state or a plan holds was validated before it came to be.
        said.extend(live.validate(&resource.type_name, &wish.as_validated()));
    }
    let errors = said.0.iter().filter(|it| it.severity == tf_core::Severity::Error);
    let mut errors: Vec<String> = errors.map(|it| format!("{}: {}", it.summary, it.detail)).collect();
    errors.dedup();
    if !errors.is_empty() {
        doubts.push(doubt(&resource, None, &resource.place, &errors));
    }
    let differing = differences::between(live, &resource, wish, &prior.object, &planned.object);
    (Pair::of(live, resource, &prior, differing), doubts)
}

/// What was undecided as a whole, apart from resources of other providers.
fn of_this_provider(live: &Live) -> impl Fn(&crate::declared::Undecided) -> Option<Undecided> {
    move |it| {
        let last = it.address.rsplit_once("module.").map_or(it.address.as_str(), |_| "module");
        let type_name = last.split('.').next().unwrap_or(last);
        (type_name == "module" || live.schema(type_name).is_some()).then(|| Undecided {
            address: it.address.clone(),
            attribute: None,
            place: place(&it.place),
            reasons: it.reasons.iter().map(|it| sentence(it)).collect(),
        })
    }
}
