//! The texts of an invented year. Every text says that it is invented, in both languages, wherever it is shown.

use chrono::NaiveDate;

use super::course::Course;

/// A text that is marked as invented.
pub(super) fn marked(chinese: &str, english: &str) -> String {
    format!("【演示数据】{chinese} [Invented for the demo] {english}")
}

/// A blocker: the obstacle, and the needed support.
#[derive(Clone, Copy, Debug)]
pub(super) struct Trouble {
    pub description: (&'static str, &'static str),
    pub needs: (&'static str, &'static str),
    pub resolution: (&'static str, &'static str),
}

const TROUBLES: [Trouble; 5] = [
    Trouble {
        description: ("配套资金尚未拨付到位。", "The matching funds have not been paid out."),
        needs: ("请财政部门本月内拨付第二批资金。", "The finance department is asked to pay the second part this month."),
        resolution: ("资金已拨付。", "The funds were paid out."),
    },
    Trouble {
        description: ("场地产权手续未办结，无法进场。", "The title to the site is not settled, so work cannot begin there."),
        needs: ("请协调产权单位出具移交意见。", "The owner is to be brought to hand the site over."),
        resolution: ("已签订移交协议，施工队伍进场。", "The site was handed over and work began."),
    },
    Trouble {
        description: ("采购流标一次，设备到货推迟。", "A tender failed once, so the equipment comes later."),
        needs: ("请公共资源交易部门加快第二次招标。", "The second tender is to be brought forward."),
        resolution: ("第二次招标完成，设备已到货。", "The second tender went through and the equipment came."),
    },
    Trouble {
        description: ("部分群众对方案有不同意见。", "Some residents object to the design."),
        needs: ("请属地做好入户沟通并反馈意见。", "The local government is asked to talk to them at home."),
        resolution: ("意见已采纳，方案调整后公示无异议。", "The design was changed, and nobody objected."),
    },
    Trouble {
        description: ("连续降雨影响户外施工。", "Weeks of rain have held up work outdoors."),
        needs: ("请批准增加作业面、夜间施工。", "Leave is asked to work in more places and at night."),
        resolution: ("天气好转，已增加作业面。", "The weather improved, and work goes on in more places."),
    },
];

/// A trouble, another one each time.
pub(super) fn trouble(turn: usize) -> Trouble {
    let [first, ..] = TROUBLES;
    TROUBLES.iter().cycle().nth(turn.checked_rem(TROUBLES.len()).unwrap_or_default()).copied().unwrap_or(first)
}

/// The report of a unit. `figures` are written out as they are reported.
pub(super) fn narrative(title: &str, on: NaiveDate, course: Course, figures: &[String]) -> String {
    let (chinese, english) = match course {
        Course::OnSchedule => ("各项工作按计划推进。", "Work goes on as planned."),
        Course::Ahead | Course::Over | Course::Twofold => ("进度快于计划。", "Work is ahead of the plan."),
        Course::Behind | Course::FarBehind => {
            ("进度慢于计划，正在分析原因。", "Work is behind the plan, and the causes are being looked into.")
        }
        Course::Stalled(_) => ("受客观因素影响，进度放缓。", "Progress has slowed down."),
        Course::CatchingUp => ("前期进度偏慢，已排出赶工计划。", "After a slow start there is a plan to catch up."),
    };
    let figures = if figures.is_empty() { String::new() } else { format!("累计完成：{}。", figures.join("，")) };
    marked(&format!("“{title}”截至{on}：{chinese}{figures}"), &format!("As of {on}: {english}"))
}

/// The steps of a plan that has no shares of its own.
pub(super) const STEPS: [(&str, &str); 4] = [
    ("方案编制并印发", "The plan is drawn up and issued"),
    ("招标采购完成，进场实施", "Procurement is done and work begins"),
    ("主体任务完成过半", "Half of the work is done"),
    ("全部完成并自查验收", "All is done and checked"),
];
