//! Where a monotone function crosses 0.

/// Returns the place between `inside`, where the function is at most 0, and `outside`, where it is above, at which it
/// crosses, to the last digit; `outside` when it is not above 0 there.
///
/// Bisection: a few dozen evaluations, no derivative, and no step that goes astray.
pub fn crossing(inside: f64, outside: f64, function: &dyn Fn(f64) -> f64) -> f64 {
    let (mut inside, mut outside) = (inside, outside);
    if function(outside) <= 0.0 {
        return outside;
    }
    for _ in 0..200 {
        let middle = inside + 0.5 * (outside - inside);
        if middle == inside || middle == outside {
            break;
        }
        if function(middle) > 0.0 {
            outside = middle;
        } else {
            inside = middle;
        }
    }
    inside
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_crossing_is_found_from_either_side() {
        assert!((crossing(0.0, 10.0, &|x| x * x - 2.0) - libm::sqrt(2.0)).abs() < 1e-15);
        assert!((crossing(0.0, -10.0, &|x| x * x - 2.0) + libm::sqrt(2.0)).abs() < 1e-15);
        assert_eq!(crossing(0.0, 1.0, &|x| x - 2.0), 1.0);
    }
}
