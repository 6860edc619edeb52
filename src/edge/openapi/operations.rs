//! What the document says of each action, beside what the list of routes says.

use crate::routes::Action;

/// The words and schemas of an operation.
pub(super) struct Operation {
    /// One line.
    pub(super) summary: &'static str,
    /// The schema of the body, by name.
    pub(super) request: Option<&'static str>,
    /// The schema of the answer, by name.
    pub(super) response: &'static str,
    /// The status of success.
    pub(super) status: u16,
}

const fn answers(summary: &'static str, response: &'static str) -> Operation {
    Operation { summary, request: None, response, status: 200 }
}

impl Operation {
    const fn takes(self, schema: &'static str) -> Self {
        Self { request: Some(schema), ..self }
    }

    const fn status(self, status: u16) -> Self {
        Self { status, ..self }
    }

    /// Returns what is said of an action.
    pub(super) const fn of(action: Action) -> Self {
        match action {
            Action::Recommend => {
                answers("Order and word what this person should see next", "Decision").takes("RecommendRequest")
            }
            Action::TrackOne => answers("Take one interaction", "TrackReport").takes("Interaction").status(202),
            Action::TrackMany => {
                answers("Take up to 1,000 interactions", "TrackReport").takes("TrackBatch").status(202)
            }
            Action::History => answers("History, newest first", "InteractionPage"),
            Action::ShowProfile => answers("The profile", "Profile"),
            Action::Erase => answers("Erase everything, with a receipt", "ErasureReceipt"),
            Action::SetPreferences => answers("State facts and preferences", "Profile").takes("PreferencesUpdate"),
            Action::Refresh => answers("Rebuild the profile from the log", "Profile"),
            Action::OwnExport => answers("Everything about the person", "PersonExport"),
            Action::GiveFeedback => answers("Give feedback", "TrackReport").takes("Feedback").status(202),
            Action::FeedbackHistory => answers("Feedback, newest first", "FeedbackPage"),
            Action::ExplainPath => answers("Why this item, now", "Explanation"),
            Action::WhySeeing => answers("Why this item, now", "Explanation"),
            Action::ExplainPosted => {
                answers("Why this item of a posted list, now", "Explanation").takes("ExplainRequest")
            }
            Action::ShowSettings => answers("The switches", "Settings"),
            Action::ChangeSettings => {
                answers("Change the switches, effective at once", "Settings").takes("SettingsUpdate")
            }
            Action::Switch => answers("Turn the global switch", "Switch").takes("Switch"),
            Action::PutPack => {
                answers("Check a pack and make it live; with `check=true` it is checked only", "PackReport")
                    .takes("Pack")
            }
            Action::ShowPack => answers("The live pack", "Pack"),
            Action::ChangeCatalogue => {
                answers("Change the catalogue's draft; with `check=true` the items are checked only", "CatalogueReport")
                    .takes("CatalogUpload")
            }
            Action::ShowCatalogue => answers("The live catalogue", "Catalogue"),
            Action::CommitCatalogue => answers(
                "Make the draft a version and the live one; with `check=true` it is checked only",
                "CatalogueReport",
            ),
            Action::ExportInteractions => answers("Interactions of people who share them, and tombstones", "Lines"),
            Action::ExportProfiles => answers("Profiles of people who share them", "Lines"),
            Action::Collaborative => {
                answers("What people like this person took up, of kinds not seen yet", "Collaborative")
            }
            Action::PutModel => answers("Take a signed model in as a candidate", "ModelReport").takes("SignedModel"),
            Action::ShowModels => answers("The models of every pack", "ModelList"),
            Action::ShowPackModels => answers("The models of a pack", "PackModels"),
            Action::PromoteModel => {
                answers("Make a version the live one, or a canary for a share of people", "PackModels")
                    .takes("PromoteRequest")
            }
            Action::RollBackModel => {
                answers("Go back to the version before, or to a named one; a canary ends", "PackModels")
                    .takes("RollbackRequest")
            }
            Action::LogRetraining => answers("Note a retraining", "PackModels").takes("LogRequest"),
            Action::ModelBlob => answers("A signed model, as it was taken", "SignedModel"),
            Action::ModelPerformance => answers("Models with their log and evaluations", "ModelPerformance"),
            Action::AskTraining => {
                answers("Ask the origin job for a retraining; one open request a pack", "JobRequestReport")
                    .takes("JobRequest")
                    .status(202)
            }
            Action::ShowJobs => answers("Open requests, and what is due", "Jobs"),
            Action::FinishJob => answers("Note how far a request is", "JobRequestReport").takes("JobUpdate"),
            Action::AskEvaluation => {
                answers("Ask the origin job for an evaluation; one open request a pack", "JobRequestReport")
                    .takes("JobRequest")
                    .status(202)
            }
            Action::PutEvaluations => answers("Store evaluations", "RowReport").takes("EvaluationsUpload"),
            Action::ShowEvaluations => answers("The newest evaluations", "Evaluations"),
            Action::PutSimilarUsers => {
                answers("Replace the neighbours of people, as far as both sides share", "RowReport")
                    .takes("SimilarUsersUpload")
            }
            Action::PutUserModels => {
                answers("Store people's own models, as far as they share", "RowReport").takes("UserModelsUpload")
            }
            Action::ShowOverview => answers(
                "Figures of the last days: what people did, chose and got; none of fewer than 20 people",
                "Overview",
            ),
            Action::ShowVariant => answers("The variant of a test; asking for it is its use", "VariantAnswer"),
            Action::DecideTests => {
                answers("The variants of all tests; nothing is used by that", "VariantAnswers").takes("DecideRequest")
            }
            Action::ReportOutcome => {
                answers("Report what became of what was shown", "OutcomeReport").takes("OutcomeRequest").status(202)
            }
            Action::ShowResults => answers("What a test has shown", "TestResults"),
            Action::PlanTest => answers("How many units a test needs", "TestPlan").takes("PlanRequest"),
            Action::ShowTests => answers("The tests of an environment, with their epochs", "TestList"),
            Action::ShowTest => answers("A test with its epochs", "TestReport"),
            Action::PutTest => answers("Write a draft, or change a test", "TestReport").takes("TestDefinition"),
            Action::ValidateTest => {
                answers("Judge a definition and write nothing", "TestValidation").takes("TestDefinition")
            }
            Action::StartTest => answers("Let a test assign", "TestReport").takes("Reasoned"),
            Action::StopTest => answers("Let a test assign no more", "TestReport").takes("Reasoned"),
            Action::ArchiveTest => answers("Take a test out of the lists, for good", "TestReport").takes("Reasoned"),
            Action::ForceTesters => {
                answers("Say what testers see; they are never counted", "TestersReport").takes("TestersUpdate")
            }
            Action::SetHoldout => {
                answers("Hold a share of all units out of every test", "Holdout").takes("HoldoutUpdate")
            }
            Action::EvaluateFlag => {
                answers("Evaluate a flag, which is a test, at the point of its use", "Flag").takes("EvaluationRequest")
            }
            Action::EvaluateFlags => answers("Evaluate all flags", "Flags").takes("EvaluationRequest"),
            Action::Published => answers(
                "What devices rank by: the live versions of a pack that says `on_device`; with `part` and `version`, the bytes",
                "Published",
            ),
            Action::Health => answers("Status and versions", "Health"),
            Action::OpenApi => answers("This document", "OpenApi"),
        }
    }
}
