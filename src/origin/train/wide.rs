//! Loops in the widest registers that this processor has.

/// Runs `work` as it was compiled for this processor: what is inlined into it may use its wide registers. Nothing else
/// changes: multiplication and addition stay separate, and the order of every sum is the one that is written, so that
/// every machine gets the same bits.
#[inline(always)]
pub(super) fn widely<R>(work: impl FnOnce() -> R) -> R {
    pulp::Arch::new().dispatch(work)
}
