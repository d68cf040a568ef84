//! 通知: what a jurisdiction promises in one year.

use sea_orm::entity::prelude::*;

use crate::{AdoptionMethod, Disclosure, JurisdictionId, NoticeId, NoticeState, UnitId};

/// A row of `notice`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "notice")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: NoticeId,
    pub jurisdiction_id: JurisdictionId,
    pub year: i32,
    pub title: String,
    #[sea_orm(unique)]
    pub document_number: Option<String>,
    pub state: NoticeState,
    pub version: i32,
    pub issuer_id: Option<UnitId>,
    pub supervisor_id: Option<UnitId>,
    pub adoption_method: Option<AdoptionMethod>,
    pub adoption_meeting: Option<String>,
    pub issued_on: Option<Date>,
    pub disclosure: Option<Disclosure>,
    #[sea_orm(belongs_to, from = "jurisdiction_id", to = "id")]
    pub jurisdiction: BelongsTo<super::jurisdiction::Entity>,
    #[sea_orm(belongs_to, relation_enum = "Issuer", from = "issuer_id", to = "id")]
    pub issuer: BelongsTo<Option<super::unit::Entity>>,
    #[sea_orm(belongs_to, relation_enum = "Supervisor", from = "supervisor_id", to = "id")]
    pub supervisor: BelongsTo<Option<super::unit::Entity>>,
    #[sea_orm(has_many)]
    pub recipients: HasMany<super::notice_recipient::Entity>,
    #[sea_orm(has_many)]
    pub reporting_duties: HasMany<super::reporting_duty::Entity>,
    #[sea_orm(has_many)]
    pub projects: HasMany<super::project::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}
