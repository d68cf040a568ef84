//! The files that have a name. One more is a document beside this and an entry here.

/// A column: the keys that lead to it, and its heading.
pub(super) type Heading = (&'static str, &'static str, &'static str);

/// A file with a name.
pub(in crate::graphql) struct Named {
    pub(super) name: &'static str,
    pub(super) document: &'static str,
    /// What it is called, with `{…}` for parameters; a jurisdiction by its name.
    pub(super) title: (&'static str, &'static str),
    pub(super) headings: &'static [Heading],
}

/// All of them. One more is a document and a line here.
pub(super) const NAMED: [Named; 7] = [
    Named {
        name: "ledger",
        document: include_str!("ledger.graphql"),
        title: ("{jurisdiction}{year}年台账", "{jurisdiction} {year} ledger"),
        headings: &[
            ("task.number", "序号", "No."),
            ("task.project.title", "项目", "Project"),
            ("task.title", "任务", "Task"),
            ("task.summary", "内容", "Content"),
            ("task.leadUnits", "牵头单位", "Lead units"),
            ("task.supportingUnits", "协办单位", "Supporting units"),
            ("task.targets", "目标任务", "Targets"),
            ("targets", "完成情况", "Achieved"),
            ("completion", "完成率", "Completion"),
            ("planned", "应完成比例", "Planned"),
            ("gap", "差距（百分点）", "Gap (percentage points)"),
            ("light", "灯", "Light"),
            ("stale", "陈旧", "Stale"),
            ("nextMilestone.title", "下一时间节点", "Next milestone"),
            ("nextMilestone.dueOn", "节点期限", "Milestone due on"),
            ("latestReport.period.key", "最近填报期", "Latest period reported"),
            ("latestReport.author.unit.name", "填报单位", "Reported by"),
            ("latestReport.submittedAt", "报送时间", "Submitted at"),
            ("latestReport.narrative", "进展情况", "Progress"),
            ("openBlockers", "堵点", "Open blockers"),
            ("invented", "含演示数据", "Holds invented data"),
        ],
    },
    Named {
        name: "notice",
        document: include_str!("notice.graphql"),
        title: ("{jurisdiction}{year}年民生实事任务表", "{jurisdiction} {year} livelihood projects"),
        headings: &[
            ("number", "项目序号", "Project no."),
            ("title", "项目", "Project"),
            ("tasks.number", "序号", "No."),
            ("tasks.label", "小序号", "Label"),
            ("tasks.title", "任务", "Task"),
            ("tasks.summary", "内容", "Content"),
            ("tasks.leadUnits", "牵头单位", "Lead units"),
            ("tasks.supportingUnits", "协办单位", "Supporting units"),
            ("tasks.targets", "目标任务", "Targets"),
            ("tasks.topics", "领域", "Topics"),
        ],
    },
    Named {
        name: "comparison",
        document: include_str!("comparison.graphql"),
        title: ("{indicator}横向比较", "{indicator} compared"),
        headings: &[
            ("jurisdiction.name", "辖区", "Jurisdiction"),
            ("year", "年份", "Year"),
            ("notice.documentNumber", "文号", "Notice"),
            ("tasks", "任务", "Tasks"),
            ("comparator", "要求", "Commitment"),
            ("target", "目标值", "Target"),
            ("achieved", "完成数", "Achieved"),
            ("completion", "完成率", "Completion"),
            ("light", "灯", "Light"),
            ("rank", "名次", "Rank"),
            ("rankedAmong", "参加排名数", "Ranked among"),
            ("shareOfParentTarget", "占上级目标比重", "Share of the parent's target"),
            ("changeFromPreviousYear", "比上年增减", "Change on the year before"),
            ("notComparable.message", "不可比原因", "Why not comparable"),
            ("invented", "含演示数据", "Holds invented data"),
        ],
    },
    Named {
        name: "absent",
        document: include_str!("absent.graphql"),
        title: ("{indicator}没有这一项的辖区", "{indicator}, who has none"),
        headings: &[("year", "年份", "Year"), ("jurisdiction.name", "辖区", "Jurisdiction")],
    },
    Named {
        name: "coverage",
        document: include_str!("coverage.graphql"),
        title: ("领域覆盖", "Coverage of topics"),
        headings: &[
            ("jurisdiction.name", "辖区", "Jurisdiction"),
            ("year", "年份", "Year"),
            ("cells.topic.name", "领域", "Topic"),
            ("cells.taskCount", "任务数", "Tasks"),
            ("cells.targetCount", "目标数", "Targets"),
            ("cells.completion", "完成率", "Completion"),
        ],
    },
    Named {
        name: "trend",
        document: include_str!("trend.graphql"),
        title: ("{jurisdiction}{indicator}走势", "{jurisdiction} {indicator} trend"),
        headings: &[
            ("year", "年份", "Year"),
            ("row.target", "目标值", "Target"),
            ("points.period", "期", "Period"),
            ("points.on", "截至", "As of"),
            ("points.achieved", "完成数", "Achieved"),
            ("points.completion", "完成率", "Completion"),
        ],
    },
    Named {
        name: "allocations",
        document: include_str!("allocations.graphql"),
        title: ("{jurisdiction}{year}年目标分解", "{jurisdiction} {year} targets by unit"),
        headings: &[
            ("tasks.number", "序号", "No."),
            ("tasks.title", "任务", "Task"),
            ("tasks.targets.label", "目标任务", "Target"),
            ("tasks.targets.value", "目标值", "Value"),
            ("tasks.targets.unit", "计量单位", "Unit of measure"),
            ("tasks.targets.breakdown.parts.unit.name", "单位", "Unit"),
            ("tasks.targets.breakdown.parts.allocated", "分解数", "Allocated"),
            ("tasks.targets.breakdown.parts.reported", "填报数", "Reported"),
            ("tasks.targets.breakdown.parts.completion", "完成率", "Completion"),
            ("tasks.targets.breakdown.parts.gap", "还差", "Gap"),
            ("tasks.targets.breakdown.parts.ownPromise.target", "其自身通知的承诺", "Its own notice's promise"),
        ],
    },
];
