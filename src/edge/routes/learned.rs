//! What the origin job found out, on its way in: evaluations, similar users, people's own models.

use nearside_engine::flows::{self, WriteReport};
use nearside_engine::wire::{EvaluationsUpload, SimilarUsersUpload, UserModelsUpload};

use super::{Action, Call};
use crate::error::Problem;
use crate::http::Reply;

/// Takes an upload and says how much of it is stored.
pub(super) async fn put(action: Action, call: &Call<'_>) -> Result<Reply, Problem> {
    let scope = call.admin()?;
    let report = match action {
        Action::PutSimilarUsers => {
            flows::write_similar_users(call.host, scope, &call.read::<SimilarUsersUpload>()?).await?
        }
        Action::PutUserModels => flows::write_user_models(call.host, scope, &call.read::<UserModelsUpload>()?).await?,
        _ => {
            let written = flows::add_evaluations(call.host, scope, &call.read::<EvaluationsUpload>()?).await?;
            WriteReport { written, withheld: 0 }
        }
    };
    Ok(Reply::json(200, &report))
}
