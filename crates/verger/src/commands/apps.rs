//! `verger apps`: applications and their instances.

use super::env::{text, unexpected};
use super::{admin, print, print_json};
use crate::cli::{Apps, Target};
use crate::control::{Answer, ApplicationRow, CreatedAnswer, Order};
use crate::outcome::{Outcome, Stop};
use std::fmt::Write;
use std::path::Path;
use verger_model::settings::Settings;

pub(crate) async fn run(command: Apps) -> Outcome {
    match command {
        Apps::Create { name, settings, domain, json, target } => {
            let settings = settings.as_deref().map(read_settings).transpose()?.map(Box::new);
            create(&target, Order::CreateApplication { name, settings, domain }, json).await
        }
        Apps::List { json, target } => match admin::order(&target, Order::ListApplications).await? {
            Answer::Applications(rows) if json => print_json(&rows),
            Answer::Applications(rows) => print(&table(&rows)),
            other => Err(unexpected(&other)),
        },
        Apps::SetDomain { instance, domain, target } => {
            text(admin::order(&target, Order::SetDomain { instance, domain }).await?)
        }
    }
}

fn read_settings(path: &Path) -> Outcome<Settings> {
    let text = std::fs::read_to_string(path);
    let text = text.map_err(|err| Stop::bad_start(format!("{} cannot be read: {err}", path.display())))?;
    Settings::from_json(&text).map_err(|err| Stop::bad_start(format!("{}: {err}", path.display())))
}

async fn create(target: &Target, order: Order, json: bool) -> Outcome {
    match admin::order(target, order).await? {
        Answer::Created(created) if json => print_json(&without_words(&created)?),
        Answer::Created(created) => print(&in_words(&created)),
        other => Err(unexpected(&other)),
    }
}

fn without_words(created: &CreatedAnswer) -> Outcome<serde_json::Value> {
    let mut value = serde_json::to_value(created).map_err(|err| Stop::failed(err.to_string()))?;
    if let Some(object) = value.as_object_mut() {
        object.remove("words");
    }
    Ok(value)
}

fn in_words(created: &CreatedAnswer) -> String {
    let production = &created.production;
    let secret = production.secret_key.as_deref().unwrap_or_default();
    format!(
        "Development instance {} ({})\n\n{}\nProduction instance {} ({})\n\n  {:<15} {}\n  {:<15} {}\n  {:<15} {secret}\n\n\
         The production secret key is not shown again.\n",
        created.slug,
        created.instance_id,
        created.words,
        production.slug,
        production.instance_id,
        "Frontend API",
        production.frontend_api_url,
        "Publishable key",
        production.publishable_key,
        "Secret key",
    )
}

fn table(rows: &[ApplicationRow]) -> String {
    let mut text = String::new();
    for row in rows {
        // Writing to a String cannot fail.
        let _ = writeln!(text, "{} ({})", row.name, row.id);
        for instance in &row.instances {
            let _ = writeln!(
                text,
                "  {:<12} {:<24} {}\n  {:<12} {:<24} {}",
                instance.environment,
                instance.slug,
                instance.frontend_api_url,
                "",
                instance.id,
                instance.publishable_key
            );
        }
    }
    text
}
