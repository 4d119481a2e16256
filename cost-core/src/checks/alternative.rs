//! What checks share that move an instance to the same size by another maker.

use rust_decimal::Decimal;

use super::machine::{
    Catalogues, Machine, change_type, covered_caveat, crosses, is_instance_hours, machine, prices, share, trade_off,
};
use super::{expected, spend_of};
use crate::check::{Check, CheckError, CheckMeta, CheckOutput, Context, ResourceUse};
use crate::opportunity::{Action, Change, Draft};
use crate::price::{InstanceType, System};
use crate::rightsizing::Catalogue;

/// A check for instances of which another maker has the same size for less.
pub(super) struct AlternativeCheck {
    pub(super) meta: &'static CheckMeta,
    /// The maker of the new type.
    pub(super) maker: &'static str,
    /// The systems it runs.
    pub(super) systems: &'static [System],
    pub(super) reason: &'static str,
}

impl Check for AlternativeCheck {
    fn meta(&self) -> &'static CheckMeta {
        self.meta
    }

    fn run(&self, cx: &Context<'_>) -> Result<CheckOutput, CheckError> {
        let mut out = CheckOutput::default();
        let mut catalogues = Catalogues::default();
        let mut last = "";
        for used in cx.used(is_instance_hours) {
            if used.resource_id == last {
                continue;
            }
            last = &used.resource_id;
            match machine(cx, used) {
                Ok(of) if of.today.maker() == self.maker || !self.systems.contains(&of.system) => {}
                Ok(of) => {
                    let catalogue = catalogues.of(cx, &used.region_id, of.system);
                    if let Some(new) = self.alternative(catalogue, of) {
                        self.judge(cx, used, of, new, &mut out)?;
                    }
                }
                Err(unknown) => out.skip_unknown(&used.resource_id, &unknown),
            }
        }
        Ok(out)
    }
}

impl AlternativeCheck {
    /// The cheapest type of the maker that is no worse in anything known: same class and size, no older generation.
    fn alternative<'a>(&self, catalogue: &Catalogue<'a>, of: Machine<'_>) -> Option<(&'a InstanceType, Decimal)> {
        let old = of.today;
        let at_least =
            |new: Option<Decimal>, old: Option<Decimal>| old.is_none() || new.is_some_and(|n| Some(n) >= old);
        let (vcpu, memory) = (old.vcpu?, old.memory_mib?);
        let fits = |new: &InstanceType| {
            new.maker() == self.maker
                && !new.architectures.is_empty()
                && new.class() == old.class()
                && new.generation() >= old.generation()
                && new.vcpu == Some(vcpu)
                && new.memory_mib >= Some(memory)
                && new.local_storage_gb >= old.local_storage_gb
                && new.burstable == old.burstable
                && new.bare_metal == old.bare_metal
                && new.gpus == old.gpus
                && at_least(new.network_baseline_gbps, old.network_baseline_gbps)
                && at_least(new.ebs_baseline_mbps, old.ebs_baseline_mbps)
                && at_least(new.coremark_iterations_per_s, old.coremark_iterations_per_s)
        };
        catalogue.types().take_while(|(_, price)| *price < of.price).find(|(new, _)| fits(new))
    }

    fn judge(
        &self,
        cx: &Context<'_>,
        used: &ResourceUse,
        of: Machine<'_>,
        (new, then): (&InstanceType, Decimal),
        out: &mut CheckOutput,
    ) -> Result<(), CheckError> {
        let old = of.today;
        let claims = cx.claims(&used.resource_id, is_instance_hours, share(of.price, then))?;
        if expected(cx, &claims)?.is_zero_or_less() {
            return Ok(());
        }
        let speed =
            |t: &InstanceType| t.coremark_iterations_per_s.map_or("unknown".to_owned(), |c| c.round().to_string());
        let asks = trade_off(cx, old, new, self.reason).caveat(covered_caveat(&claims));
        let draft = Draft::new(self.meta.id, Action::Modify, &used.resource_id, cx.scope_of(used), asks)
            .title(format!("Move {} to {} ({})", old.instance_type, new.instance_type, self.maker))
            .change(Change {
                what: "instance type".to_owned(),
                from: old.instance_type.clone(),
                to: new.instance_type.clone(),
                predicted_cpu_p99_pct: None,
                hours_above_70_pct: None,
                restart: true,
                architecture_change: crosses(old, new),
            })
            .evidence("CoreMark, now and then", format!("{}, {}", speed(old), speed(new)), "price list");
        let draft = prices(draft, of.price, then, spend_of(cx, &claims)?).claims(claims);
        let draft = change_type(draft, &used.resource_id, &old.instance_type, &new.instance_type);
        out.opportunities.push(draft.finish(cx.currency())?);
        Ok(())
    }
}
