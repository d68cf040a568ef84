//! Every figure of every group is that of a plain recomputation from the rows, for whoever asks: the public, units, offices, leaders and
//! deputies of several places, and an office above them.
//!
//! Which rows exist for whom is the rule in words of `access_property`, where a task stands is the domain's, and all else is reckoned here
//! a second time, row by row. A failing world prints its seed, and is the same each time.

use super::{reports, scatter::scatter, tasks, truth::Truth};
use crate::{
    access_property::generate::generate,
    cases,
    support::{
        app::App,
        chance::{Dice, SaysSeed},
    },
};

cases![groups_are_as_recomputed_in_world_4, groups_are_as_recomputed_in_world_5];

/// How much each of the askers asks.
const QUESTIONS: usize = 3;

async fn groups_are_as_recomputed_in_world_4(app: App) {
    explore(&app, 4).await;
}

async fn groups_are_as_recomputed_in_world_5(app: App) {
    explore(&app, 5).await;
}

async fn explore(app: &App, seed: u64) {
    let _seed = SaysSeed(seed);
    let mut dice = Dice(seed);
    let (keen, others) = generate(app, &mut dice).await;
    scatter(app, &mut dice).await;
    let truth = Truth::read(app).await;
    let mut met = (tasks::Met::default(), reports::Met::default());
    for asker in keen.iter().chain(&others) {
        for _ in 0..QUESTIONS {
            tasks::ask(app, &truth, asker, &mut dice, &mut met.0).await;
            reports::ask(app, &truth, asker, &mut dice, &mut met.1).await;
        }
    }
    // With every notice in force and public, and a promise that is a ceiling, there is all that keeps figures from being added up, which a
    // world may lack by chance.
    app.execute("UPDATE notice SET state = 'ISSUED', disclosure = NULL").await.expect("published");
    let ceiling = "UPDATE target SET comparator = 'AT_MOST' WHERE indicator_id = (SELECT id FROM indicator WHERE code = 'disabled-children-rehabilitation')";
    app.execute(ceiling).await.expect("a ceiling");
    let published = Truth::read(app).await;
    for asker in &others {
        tasks::ask_for_sums(app, &published, asker, &mut met.0).await;
    }
    // What was never met was not compared.
    met.0.assert_everything();
    met.1.assert_everything();
}
