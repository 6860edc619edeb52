//! Tokens and receipts: what was sealed opens, and nothing else does.

use super::super::{
    Assignment, Assignments, Holder, InvalidSeal, MOST_ASSIGNMENTS, Receipt, ReceiptPosition, ReceiptTest, SealKeys,
    UnitKind, item_hash, open_token, seal_token,
};

const ANNA: Holder<'_> = Holder { kind: UnitKind::User, id: "anna" };

fn keys() -> SealKeys {
    SealKeys::new("production", &[(3, &[1; 32])])
}

fn made(count: u64) -> Assignments {
    let one = |test: u64| Assignment {
        test: test << 40,
        assigned_at_s: 7 + test as u32,
        epoch: 2,
        variant: (test % 3) as u8,
    };
    (0..count).map(one).collect()
}

fn receipt() -> Receipt {
    Receipt {
        decided_at_ms: 1_790_000_000_123,
        before: Some([3, 50]),
        model_version: "m-1".to_owned(),
        pack_version: "é".repeat(50),
        tests: vec![ReceiptTest { test: 5, epoch: 1, variant: 1 }],
        positions: (0..10)
            .map(|at| ReceiptPosition { item: item_hash(&at.to_string()), propensity: 1.0 / (at as f32 + 1.0) })
            .collect(),
    }
}

#[test]
fn a_token_has_a_fixed_head_and_sixteen_bytes_a_test() {
    for count in [0, 1, 2, 20, MOST_ASSIGNMENTS as u64] {
        let text = seal_token(&made(count), &keys(), ANNA).unwrap();
        let bytes = 18 + 16 * count as usize;
        assert_eq!(text.len(), (bytes * 4).div_ceil(3));
        assert_eq!(open_token(&text, &keys(), ANNA), Ok(made(count)));
    }
    assert_eq!(seal_token(&made(1), &SealKeys::new("production", &[]), ANNA), None);
}

#[test]
fn a_seal_is_for_one_unit_of_one_environment() {
    let text = seal_token(&made(2), &keys(), ANNA).unwrap();
    for other in [
        Holder { kind: UnitKind::User, id: "anne" },
        Holder { kind: UnitKind::User, id: "" },
        Holder { kind: UnitKind::Device, id: "anna" },
    ] {
        assert_eq!(open_token(&text, &keys(), other), Err(InvalidSeal::Code), "{other:?}");
    }
    let staging = SealKeys::new("test", &[(3, &[1; 32])]);
    assert_eq!(open_token(&text, &staging, ANNA), Err(InvalidSeal::Code));
    let renumbered = SealKeys::new("production", &[(4, &[1; 32])]);
    assert_eq!(open_token(&text, &renumbered, ANNA), Err(InvalidSeal::UnknownKey));
    let changed = SealKeys::new("production", &[(3, &[2; 32])]);
    assert_eq!(open_token(&text, &changed, ANNA), Err(InvalidSeal::Code));
    assert_eq!(Receipt::open(&text, &keys(), ANNA), Err(InvalidSeal::Code));
}

#[test]
fn a_key_can_be_replaced_while_its_seals_are_out() {
    let text = seal_token(&made(2), &keys(), ANNA).unwrap();
    let both = SealKeys::new("production", &[(4, &[9; 32]), (3, &[1; 32])]);
    assert_eq!(open_token(&text, &both, ANNA), Ok(made(2)));
    let new = seal_token(&made(2), &both, ANNA).unwrap();
    assert!(open_token(&new, &keys(), ANNA).is_err() && open_token(&new, &both, ANNA).is_ok());
}

/// Every changed character and every cut is refused.
fn check_damage(text: &str, is_refused: impl Fn(&str) -> bool) {
    for at in 0..text.len() {
        assert!(is_refused(&text[..at]), "cut at {at}");
        for other in ['A', 'B', '_', '-', '9', '=', ' ', 'é'] {
            let changed: String =
                text.chars().enumerate().map(|(index, kept)| if index == at { other } else { kept }).collect();
            assert!(changed == text || is_refused(&changed), "{other:?} at {at}");
        }
    }
    assert!(
        is_refused(&format!("{text}A")) && is_refused(&format!("{text}{text}")) && is_refused(&"A".repeat(100_000))
    );
}

#[test]
fn what_was_changed_or_cut_is_refused() {
    let text = seal_token(&made(2), &keys(), ANNA).unwrap();
    check_damage(&text, |text| open_token(text, &keys(), ANNA).is_err());
    let text = receipt().seal(&keys(), ANNA).unwrap();
    check_damage(&text, |text| Receipt::open(text, &keys(), ANNA).is_err());
    assert_eq!(open_token(&"A".repeat(100_000), &keys(), ANNA), Err(InvalidSeal::TooLong));
}

#[test]
fn a_receipt_comes_back_as_it_was_given() {
    let text = receipt().seal(&keys(), ANNA).unwrap();
    assert!(text.len() < 400, "{} characters", text.len());
    assert_eq!(Receipt::open(&text, &keys(), ANNA), Ok(receipt()));
    let older = Receipt { before: None, ..receipt() };
    assert_eq!(Receipt::open(&older.seal(&keys(), ANNA).unwrap(), &keys(), ANNA), Ok(older));
    let empty = Receipt::default();
    assert_eq!(Receipt::open(&empty.seal(&keys(), ANNA).unwrap(), &keys(), ANNA), Ok(empty));
    assert!(open_token(&text, &keys(), ANNA).is_err());
}

#[test]
fn receipts_are_bounded() {
    let test = ReceiptTest { test: 5, epoch: 1, variant: 1 };
    let position = |propensity: f32| ReceiptPosition { item: 1, propensity };
    let version = "v".repeat(100);
    let full = Receipt {
        tests: vec![test; 64],
        positions: vec![position(0.5); 50],
        model_version: version.clone(),
        pack_version: version.clone(),
        ..receipt()
    };
    assert_eq!(Receipt::open(&full.seal(&keys(), ANNA).unwrap(), &keys(), ANNA), Ok(full));
    let refused = [
        Receipt { tests: vec![test; 65], ..receipt() },
        Receipt { positions: vec![position(0.5); 51], ..receipt() },
        Receipt { model_version: format!("{version}v"), ..receipt() },
        Receipt { positions: vec![position(0.0)], ..receipt() },
        Receipt { positions: vec![position(1.5)], ..receipt() },
        Receipt { positions: vec![position(f32::NAN)], ..receipt() },
    ];
    for receipt in refused {
        assert_eq!(receipt.seal(&keys(), ANNA), None);
    }
}
