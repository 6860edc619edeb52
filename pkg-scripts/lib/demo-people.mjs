// The three invented people of the demo: what they stated, and what they did on which day.
// A visit is [days ago, local hour, what they did]; each thing done is "verb item".

/** Where the people's ids come from; any UUIDs would do, as long as they stay the same. */
export const PEOPLE = [
  {
    user_id: "0a3a5a00-0000-4000-8000-00000000a24a",
    name: "Amara",
    about: "24, first job, UK",
    time_zone: "Europe/London",
    stated: {
      demographics: { age: 24, country: "GB", income_level: "LOW" },
      preferences: { detail_level_preference: "CONCISE", risk_tolerance: "LOW", recommendation_categories_preferred: ["SAVINGS"] },
      sophistication: { self_reported_expertise: "NOVICE" },
      attributes: { employment: "EMPLOYED", main_goal: "EMERGENCY_FUND", dependants: 0, homeowner: false },
    },
    // Nine days: the profile is still being built.
    visits: [
      [9, 8, ["viewed monthly-budget-start", "read monthly-budget-start", "viewed gb-workplace-pension-match"]],
      [7, 19, ["viewed emergency-fund-start", "accepted emergency-fund-start", "viewed subscription-check"]],
      [5, 8, ["viewed gb-help-to-save", "clicked gb-help-to-save", "saved gb-help-to-save", "viewed gb-life-cover-review", "dismissed gb-life-cover-review"]],
      [3, 20, ["viewed subscription-check", "accepted subscription-check", "viewed gb-payslip-basics", "read gb-payslip-basics"]],
      [1, 8, ["viewed gb-cash-isa-2026-27", "clicked gb-cash-isa-2026-27", "viewed gb-self-assessment-2025-26", "dismissed gb-self-assessment-2025-26"]],
    ],
  },
  {
    user_id: "0a3a5a00-0000-4000-8000-00000000c41c",
    name: "Thabo",
    about: "41, family, South Africa",
    time_zone: "Africa/Johannesburg",
    stated: {
      demographics: { age: 41, country: "ZA", income_level: "MEDIUM" },
      preferences: { detail_level_preference: "MODERATE", risk_tolerance: "MEDIUM", recommendation_categories_preferred: ["PROTECTION", "DEBT"] },
      sophistication: { self_reported_expertise: "INTERMEDIATE" },
      attributes: { employment: "EMPLOYED", main_goal: "DEBT_FREE", dependants: 3, homeowner: true },
    },
    visits: [
      [58, 20, ["viewed za-extra-bond-payment", "read za-extra-bond-payment", "accepted za-extra-bond-payment", "viewed za-etf-basics"]],
      [51, 21, ["viewed za-household-average-clause", "accepted za-household-average-clause", "viewed za-offshore-allowances", "dismissed za-offshore-allowances"]],
      [44, 20, ["viewed debt-payoff-order", "read debt-payoff-order", "accepted debt-payoff-order", "viewed za-provisional-filing-2026"]],
      [36, 12, ["viewed za-unit-trust-costs", "dismissed za-unit-trust-costs", "viewed za-free-credit-report", "clicked za-free-credit-report"]],
      [29, 20, ["viewed za-disability-cover", "read za-disability-cover", "viewed za-stokvel-basics"]],
      [22, 21, ["viewed za-medical-option-2027", "read za-medical-option-2027", "accepted za-medical-option-2027"]],
      [15, 20, ["viewed za-make-a-will", "saved za-make-a-will", "viewed za-cgt-annual-exclusion", "dismissed za-cgt-annual-exclusion"]],
      [8, 20, ["viewed za-debit-order-dispute", "read za-debit-order-dispute", "viewed za-nsfas", "clicked za-nsfas"]],
      [4, 21, ["viewed za-gap-cover", "clicked za-gap-cover", "read za-gap-cover"]],
      [1, 20, ["viewed za-bank-fee-check", "accepted za-bank-fee-check", "viewed emergency-information-sheet"]],
    ],
  },
  {
    user_id: "0a3a5a00-0000-4000-8000-00000000e61e",
    name: "Margaret",
    about: "61, near retirement, UK",
    time_zone: "Europe/London",
    stated: {
      demographics: { age: 61, country: "GB", income_level: "HIGH", net_worth_level: "HIGH" },
      preferences: { detail_level_preference: "DETAILED", risk_tolerance: "MEDIUM", recommendation_categories_preferred: ["RETIREMENT", "ESTATE"] },
      sophistication: { self_reported_expertise: "EXPERT" },
      attributes: { employment: "EMPLOYED", main_goal: "RETIREMENT", dependants: 0, homeowner: true },
    },
    visits: [
      [59, 10, ["viewed gb-pension-income-options", "read gb-pension-income-options", "accepted gb-pension-income-options"]],
      [55, 11, ["viewed gb-lasting-power-of-attorney", "accepted gb-lasting-power-of-attorney", "viewed subscription-check", "dismissed subscription-check"]],
      [48, 10, ["viewed gb-pension-carry-forward", "read gb-pension-carry-forward", "saved gb-pension-carry-forward"]],
      [41, 15, ["viewed gb-capital-gains-exempt-amount", "read gb-capital-gains-exempt-amount", "viewed monthly-budget-start", "dismissed monthly-budget-start"]],
      [33, 10, ["viewed gb-make-a-will", "accepted gb-make-a-will", "viewed emergency-fund-start"]],
      [26, 11, ["viewed gb-pensions-inheritance-tax-2027", "read gb-pensions-inheritance-tax-2027", "shared gb-pensions-inheritance-tax-2027"]],
      [19, 10, ["viewed gb-state-pension-forecast", "accepted gb-state-pension-forecast", "viewed debt-payoff-order", "dismissed debt-payoff-order"]],
      [12, 16, ["viewed gb-gift-exemptions", "read gb-gift-exemptions", "accepted gb-gift-exemptions"]],
      [6, 10, ["viewed portfolio-rebalancing", "clicked portfolio-rebalancing", "viewed gb-bed-and-isa", "read gb-bed-and-isa"]],
      [2, 11, ["viewed gb-pension-consolidation", "read gb-pension-consolidation", "viewed gb-ni-gaps-2020-21", "accepted gb-ni-gaps-2020-21"]],
    ],
  },
];
