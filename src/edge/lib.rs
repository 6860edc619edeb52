//! The Cloudflare Worker around the engine.
//!
//! **In scope**: routes, tokens, statuses, D1, KV, Queue, cron. **Out of scope**: every decision: those are the engine's.

mod adapters;
pub mod auth;
mod config;
mod consumer;
mod cron;
mod error;
mod host;
mod http;
#[cfg(test)]
mod openapi;
pub mod routes;

use worker::{Context, Env, MessageBatch, Request, Response, Result, ScheduleContext, ScheduledEvent, event};

/// Answers a request.
#[event(fetch)]
async fn fetch(request: Request, env: Env, _context: Context) -> Result<Response> {
    routes::answer(request, &env).await
}

/// Applies a batch of the queue, or files a batch of its dead letters.
#[event(queue)]
async fn queue(batch: MessageBatch<String>, env: Env, _context: Context) -> Result<()> {
    consumer::consume(&batch, &env).await
}

/// Runs the nightly jobs: checkpoints and retention, popularity, feature vectors.
#[event(scheduled)]
async fn scheduled(event: ScheduledEvent, env: Env, _context: ScheduleContext) {
    cron::run(&event, &env).await;
}
