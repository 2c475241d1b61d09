"""the first schema."""

import sqlalchemy as sa
from alembic import op

import store.types

revision = '0001'
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('action_link',
    sa.Column('id', store.types.Id, autoincrement=True, nullable=False),
    sa.Column('token_hash', sa.Text(), nullable=False),
    sa.Column('person', sa.Text(), nullable=False),
    sa.Column('seat_id', store.types.Id, nullable=True),
    sa.Column('episode_id', store.types.Id, nullable=True),
    sa.Column('nonce', sa.Text(), nullable=False),
    sa.Column('created_at', store.types.Moment(), nullable=False),
    sa.Column('expires_at', store.types.Moment(), nullable=False),
    sa.Column('opened_at', store.types.Moment(), nullable=True),
    sa.Column('used_at', store.types.Moment(), nullable=True),
    sa.Column('used_for', sa.Text(), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_action_link')),
    sa.UniqueConstraint('token_hash', name=op.f('uq_action_link_token_hash'))
    )
    with op.batch_alter_table('action_link', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_action_link_seat_id'), ['seat_id'], unique=False)

    op.create_table('audit',
    sa.Column('id', store.types.Id, autoincrement=True, nullable=False),
    sa.Column('at', store.types.Moment(), nullable=False),
    sa.Column('actor', sa.Text(), nullable=False),
    sa.Column('action', sa.Text(), nullable=False),
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('key', sa.Text(), nullable=False),
    sa.Column('summary', sa.Text(), nullable=False),
    sa.Column('summary_en', sa.Text(), nullable=False),
    sa.Column('before', store.types.Json, nullable=True),
    sa.Column('after', store.types.Json, nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_audit'))
    )
    with op.batch_alter_table('audit', schema=None) as batch_op:
        batch_op.create_index('ix_audit_subject', ['kind', 'key'], unique=False)

    op.create_table('audit_seal',
    sa.Column('id', store.types.Id, autoincrement=True, nullable=False),
    sa.Column('first_id', store.types.Id, nullable=False),
    sa.Column('last_id', store.types.Id, nullable=False),
    sa.Column('count', store.types.Id, nullable=False),
    sa.Column('previous', sa.Text(), nullable=False),
    sa.Column('digest', sa.Text(), nullable=False),
    sa.Column('sealed_at', store.types.Moment(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_audit_seal')),
    sa.UniqueConstraint('digest', name=op.f('uq_audit_seal_digest')),
    sa.UniqueConstraint('last_id', name=op.f('uq_audit_seal_last_id'))
    )
    op.create_table('counter',
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('value', store.types.Id, nullable=False),
    sa.PrimaryKeyConstraint('name', name=op.f('pk_counter'))
    )
    op.create_table('definition',
    sa.Column('id', store.types.Id, autoincrement=True, nullable=False),
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('key', sa.Text(), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('version', store.types.Id, nullable=False),
    sa.Column('enabled', sa.Boolean(), nullable=False),
    sa.Column('archived', sa.Boolean(), nullable=False),
    sa.Column('problems', store.types.Json, nullable=False),
    sa.Column('origin', sa.Text(), nullable=True),
    sa.Column('updated_at', store.types.Moment(), nullable=False),
    sa.Column('updated_by', sa.Text(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_definition')),
    sa.UniqueConstraint('kind', 'key', name=op.f('uq_definition_kind_key'))
    )
    op.create_table('delivery',
    sa.Column('id', store.types.Id, autoincrement=True, nullable=False),
    sa.Column('idempotency_key', sa.Text(), nullable=False),
    sa.Column('channel', sa.Text(), nullable=False),
    sa.Column('recipient', sa.Text(), nullable=False),
    sa.Column('address', sa.Text(), nullable=False),
    sa.Column('severity', store.types.Id, nullable=False),
    sa.Column('message', sa.Text(), nullable=False),
    sa.Column('title', sa.Text(), nullable=False),
    sa.Column('payload', store.types.Json, nullable=False),
    sa.Column('state', sa.Text(), nullable=False),
    sa.Column('attempt', store.types.Id, nullable=False),
    sa.Column('unsure', store.types.Id, nullable=False),
    sa.Column('due_at', store.types.Moment(), nullable=False),
    sa.Column('lease_until', store.types.Moment(), nullable=True),
    sa.Column('worker', sa.Text(), nullable=True),
    sa.Column('created_at', store.types.Moment(), nullable=False),
    sa.Column('sent_at', store.types.Moment(), nullable=True),
    sa.Column('provider_id', sa.Text(), nullable=True),
    sa.Column('code', sa.Text(), nullable=True),
    sa.Column('error', sa.Text(), nullable=True),
    sa.Column('episode_id', store.types.Id, nullable=True),
    sa.Column('instance', sa.Text(), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_delivery')),
    sa.UniqueConstraint('idempotency_key', name=op.f('uq_delivery_idempotency_key'))
    )
    with op.batch_alter_table('delivery', schema=None) as batch_op:
        batch_op.create_index('ix_delivery_episode', ['episode_id'], unique=False)
        batch_op.create_index('ix_delivery_open', ['severity', 'due_at'], unique=False, sqlite_where=sa.text("state IN ('queued', 'sending')"), postgresql_where=sa.text("state IN ('queued', 'sending')"))
        batch_op.create_index('ix_delivery_recipient', ['recipient', 'created_at'], unique=False)

    op.create_table('department',
    sa.Column('key', sa.Text(), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('parent', sa.Text(), nullable=True),
    sa.Column('head', sa.Text(), nullable=True),
    sa.PrimaryKeyConstraint('key', name=op.f('pk_department'))
    )
    op.create_table('episode',
    sa.Column('id', store.types.Id, autoincrement=True, nullable=False),
    sa.Column('rule', sa.Text(), nullable=False),
    sa.Column('rule_version', store.types.Id, nullable=False),
    sa.Column('over', sa.Text(), nullable=False),
    sa.Column('keys', store.types.Json, nullable=False),
    sa.Column('keys_text', sa.Text(), nullable=False),
    sa.Column('labels', store.types.Json, nullable=False),
    sa.Column('state', sa.Text(), nullable=False),
    sa.Column('level', sa.Text(), nullable=True),
    sa.Column('started_at', store.types.Moment(), nullable=False),
    sa.Column('fired_at', store.types.Moment(), nullable=True),
    sa.Column('updated_at', store.types.Moment(), nullable=False),
    sa.Column('resolved_at', store.types.Moment(), nullable=True),
    sa.Column('notified_at', store.types.Moment(), nullable=True),
    sa.Column('acknowledged_at', store.types.Moment(), nullable=True),
    sa.Column('acknowledged_by', sa.Text(), nullable=True),
    sa.Column('acknowledged_note', sa.Text(), nullable=True),
    sa.Column('snoozed_until', store.types.Moment(), nullable=True),
    sa.Column('explanation', sa.Text(), nullable=False),
    sa.Column('explanation_en', sa.Text(), nullable=False),
    sa.Column('measured', store.types.Json, nullable=False),
    sa.Column('machine', store.types.Json, nullable=False),
    sa.Column('task_id', store.types.Id, nullable=True),
    sa.Column('run_id', store.types.Id, nullable=True),
    sa.Column('snapshot', store.types.Json, nullable=False),
    sa.Column('lock_version', store.types.Id, nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_episode'))
    )
    with op.batch_alter_table('episode', schema=None) as batch_op:
        batch_op.create_index('ix_episode_rule_started', ['rule', 'started_at'], unique=False)
        batch_op.create_index('ix_episode_state_level', ['state', 'level'], unique=False)
        batch_op.create_index('uq_episode_live', ['rule', 'keys_text'], unique=True, sqlite_where=sa.text("state <> 'resolved'"), postgresql_where=sa.text("state <> 'resolved'"))

    op.create_table('event',
    sa.Column('id', store.types.Id, autoincrement=True, nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('form', sa.Text(), nullable=True),
    sa.Column('record_id', store.types.Id, nullable=True),
    sa.Column('data', store.types.Json, nullable=False),
    sa.Column('depth', store.types.Id, nullable=False),
    sa.Column('at', store.types.Moment(), nullable=False),
    sa.Column('due_at', store.types.Moment(), nullable=False),
    sa.Column('state', sa.Text(), nullable=False),
    sa.Column('attempt', store.types.Id, nullable=False),
    sa.Column('lease_until', store.types.Moment(), nullable=True),
    sa.Column('error', sa.Text(), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_event'))
    )
    with op.batch_alter_table('event', schema=None) as batch_op:
        batch_op.create_index('ix_event_waiting', ['due_at'], unique=False, sqlite_where=sa.text("state = 'waiting'"), postgresql_where=sa.text("state = 'waiting'"))

    op.create_table('form_table',
    sa.Column('form', sa.Text(), nullable=False),
    sa.Column('columns', store.types.Json, nullable=False),
    sa.Column('natural_keys', store.types.Json, nullable=False),
    sa.Column('updated_at', store.types.Moment(), nullable=False),
    sa.PrimaryKeyConstraint('form', name=op.f('pk_form_table'))
    )
    op.create_table('idempotency',
    sa.Column('user', sa.Text(), nullable=False),
    sa.Column('key', sa.Text(), nullable=False),
    sa.Column('request_hash', sa.Text(), nullable=False),
    sa.Column('status', store.types.Id, nullable=True),
    sa.Column('body', store.types.Json, nullable=True),
    sa.Column('created_at', store.types.Moment(), nullable=False),
    sa.PrimaryKeyConstraint('user', 'key', name=op.f('pk_idempotency'))
    )
    with op.batch_alter_table('idempotency', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_idempotency_created_at'), ['created_at'], unique=False)

    op.create_table('import_batch',
    sa.Column('id', sa.Text(), nullable=False),
    sa.Column('form', sa.Text(), nullable=False),
    sa.Column('file', sa.Text(), nullable=False),
    sa.Column('mapping', store.types.Json, nullable=False),
    sa.Column('options', store.types.Json, nullable=False),
    sa.Column('state', sa.Text(), nullable=False),
    sa.Column('done', store.types.Id, nullable=False),
    sa.Column('total', store.types.Id, nullable=False),
    sa.Column('result', store.types.Json, nullable=False),
    sa.Column('facts_version', store.types.Id, nullable=True),
    sa.Column('attempt', store.types.Id, nullable=False),
    sa.Column('lease_until', store.types.Moment(), nullable=True),
    sa.Column('created_by', sa.Text(), nullable=False),
    sa.Column('created_at', store.types.Moment(), nullable=False),
    sa.Column('finished_at', store.types.Moment(), nullable=True),
    sa.Column('undone_at', store.types.Moment(), nullable=True),
    sa.Column('undone_by', sa.Text(), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_import_batch'))
    )
    with op.batch_alter_table('import_batch', schema=None) as batch_op:
        batch_op.create_index('ix_import_batch_created', ['created_at'], unique=False)

    op.create_table('instance',
    sa.Column('id', sa.Text(), nullable=False),
    sa.Column('workflow', sa.Text(), nullable=False),
    sa.Column('version', store.types.Id, nullable=False),
    sa.Column('title', sa.Text(), nullable=False),
    sa.Column('form', sa.Text(), nullable=True),
    sa.Column('record_id', store.types.Id, nullable=True),
    sa.Column('episode_id', store.types.Id, nullable=True),
    sa.Column('initiator', sa.Text(), nullable=False),
    sa.Column('status', sa.Text(), nullable=False),
    sa.Column('position', store.types.Json, nullable=False),
    sa.Column('incident', store.types.Json, nullable=True),
    sa.Column('depth', store.types.Id, nullable=False),
    sa.Column('lock_version', store.types.Id, nullable=False),
    sa.Column('started_at', store.types.Moment(), nullable=False),
    sa.Column('updated_at', store.types.Moment(), nullable=False),
    sa.Column('finished_at', store.types.Moment(), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_instance'))
    )
    with op.batch_alter_table('instance', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_instance_episode_id'), ['episode_id'], unique=False)
        batch_op.create_index('ix_instance_initiator', ['initiator', 'started_at'], unique=False)
        batch_op.create_index('ix_instance_record', ['form', 'record_id'], unique=False)
        batch_op.create_index('ix_instance_status', ['status'], unique=False)

    op.create_table('mailbox_message',
    sa.Column('id', store.types.Id, autoincrement=True, nullable=False),
    sa.Column('idempotency_key', sa.Text(), nullable=False),
    sa.Column('user', sa.Text(), nullable=False),
    sa.Column('at', store.types.Moment(), nullable=False),
    sa.Column('title', sa.Text(), nullable=False),
    sa.Column('body', sa.Text(), nullable=False),
    sa.Column('html', sa.Text(), nullable=False),
    sa.Column('link', sa.Text(), nullable=False),
    sa.Column('language', sa.Text(), nullable=False),
    sa.Column('read_at', store.types.Moment(), nullable=True),
    sa.Column('episode_id', store.types.Id, nullable=True),
    sa.Column('instance', sa.Text(), nullable=True),
    sa.Column('seat_id', store.types.Id, nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_mailbox_message')),
    sa.UniqueConstraint('idempotency_key', name=op.f('uq_mailbox_message_idempotency_key'))
    )
    with op.batch_alter_table('mailbox_message', schema=None) as batch_op:
        batch_op.create_index('ix_mailbox_message_user', ['user', 'id'], unique=False)

    op.create_table('record_history',
    sa.Column('id', store.types.Id, autoincrement=True, nullable=False),
    sa.Column('form', sa.Text(), nullable=False),
    sa.Column('record_id', store.types.Id, nullable=False),
    sa.Column('version', store.types.Id, nullable=False),
    sa.Column('at', store.types.Moment(), nullable=False),
    sa.Column('actor', sa.Text(), nullable=False),
    sa.Column('operation', sa.Text(), nullable=False),
    sa.Column('changes', store.types.Json, nullable=False),
    sa.Column('batch', sa.Text(), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_record_history'))
    )
    with op.batch_alter_table('record_history', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_record_history_batch'), ['batch'], unique=False)
        batch_op.create_index('ix_record_history_form_record', ['form', 'record_id'], unique=False)

    op.create_table('run',
    sa.Column('id', store.types.Id, autoincrement=True, nullable=False),
    sa.Column('trigger', sa.Text(), nullable=False),
    sa.Column('as_of', sa.Text(), nullable=False),
    sa.Column('scheduled_for', store.types.Moment(), nullable=True),
    sa.Column('started_at', store.types.Moment(), nullable=False),
    sa.Column('finished_at', store.types.Moment(), nullable=True),
    sa.Column('seconds', sa.Float(precision=53), nullable=False),
    sa.Column('rows', store.types.Id, nullable=False),
    sa.Column('rules', store.types.Id, nullable=False),
    sa.Column('fired', store.types.Id, nullable=False),
    sa.Column('changed', store.types.Id, nullable=False),
    sa.Column('resolved', store.types.Id, nullable=False),
    sa.Column('notices', store.types.Id, nullable=False),
    sa.Column('tasks', store.types.Id, nullable=False),
    sa.Column('snapshot', store.types.Json, nullable=False),
    sa.Column('error', sa.Text(), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_run'))
    )
    op.create_table('schedule',
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('key', sa.Text(), nullable=False),
    sa.Column('cron', sa.Text(), nullable=False),
    sa.Column('timezone', sa.Text(), nullable=False),
    sa.Column('missed', sa.Text(), nullable=False),
    sa.Column('next_at', store.types.Moment(), nullable=True),
    sa.PrimaryKeyConstraint('kind', 'key', name=op.f('pk_schedule'))
    )
    with op.batch_alter_table('schedule', schema=None) as batch_op:
        batch_op.create_index('ix_schedule_next', ['next_at'], unique=False)

    op.create_table('setting',
    sa.Column('key', sa.Text(), nullable=False),
    sa.Column('value', store.types.Json, nullable=True),
    sa.Column('secret', sa.LargeBinary(), nullable=True),
    sa.Column('updated_at', store.types.Moment(), nullable=False),
    sa.Column('updated_by', sa.Text(), nullable=False),
    sa.PrimaryKeyConstraint('key', name=op.f('pk_setting'))
    )
    op.create_table('silence',
    sa.Column('id', store.types.Id, autoincrement=True, nullable=False),
    sa.Column('rule', sa.Text(), nullable=True),
    sa.Column('keys', store.types.Json, nullable=False),
    sa.Column('match', sa.Text(), nullable=False),
    sa.Column('comment', sa.Text(), nullable=False),
    sa.Column('created_by', sa.Text(), nullable=False),
    sa.Column('created_at', store.types.Moment(), nullable=False),
    sa.Column('starts_at', store.types.Moment(), nullable=False),
    sa.Column('ends_at', store.types.Moment(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_silence'))
    )
    with op.batch_alter_table('silence', schema=None) as batch_op:
        batch_op.create_index('ix_silence_ends', ['ends_at'], unique=False)

    op.create_table('slot',
    sa.Column('id', store.types.Id, autoincrement=True, nullable=False),
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('key', sa.Text(), nullable=False),
    sa.Column('scheduled_for', store.types.Moment(), nullable=False),
    sa.Column('state', sa.Text(), nullable=False),
    sa.Column('attempt', store.types.Id, nullable=False),
    sa.Column('lease_until', store.types.Moment(), nullable=True),
    sa.Column('run_id', store.types.Id, nullable=True),
    sa.Column('error', sa.Text(), nullable=True),
    sa.Column('finished_at', store.types.Moment(), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_slot')),
    sa.UniqueConstraint('kind', 'key', 'scheduled_for', name=op.f('uq_slot_kind_key_scheduled_for'))
    )
    with op.batch_alter_table('slot', schema=None) as batch_op:
        batch_op.create_index('ix_slot_open', ['scheduled_for'], unique=False, sqlite_where=sa.text("state IN ('due', 'running')"), postgresql_where=sa.text("state IN ('due', 'running')"))

    op.create_table('timer',
    sa.Column('id', store.types.Id, autoincrement=True, nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('subject', sa.Text(), nullable=False),
    sa.Column('due_at', store.types.Moment(), nullable=False),
    sa.Column('data', store.types.Json, nullable=False),
    sa.Column('state', sa.Text(), nullable=False),
    sa.Column('attempt', store.types.Id, nullable=False),
    sa.Column('lease_until', store.types.Moment(), nullable=True),
    sa.Column('error', sa.Text(), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_timer')),
    sa.UniqueConstraint('name', name=op.f('uq_timer_name'))
    )
    with op.batch_alter_table('timer', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_timer_subject'), ['subject'], unique=False)
        batch_op.create_index('ix_timer_waiting', ['due_at'], unique=False, sqlite_where=sa.text("state = 'waiting'"), postgresql_where=sa.text("state = 'waiting'"))

    op.create_table('user_account',
    sa.Column('key', sa.Text(), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('password_hash', sa.Text(), nullable=True),
    sa.Column('roles', store.types.Json, nullable=False),
    sa.Column('superior', sa.Text(), nullable=True),
    sa.Column('department', sa.Text(), nullable=True),
    sa.Column('language', sa.Text(), nullable=False),
    sa.Column('email', sa.Text(), nullable=True),
    sa.Column('phone', sa.Text(), nullable=True),
    sa.Column('addresses', store.types.Json, nullable=False),
    sa.Column('active', sa.Boolean(), nullable=False),
    sa.Column('epoch', store.types.Id, nullable=False),
    sa.Column('failed_logins', store.types.Id, nullable=False),
    sa.Column('locked_until', store.types.Moment(), nullable=True),
    sa.Column('created_at', store.types.Moment(), nullable=False),
    sa.Column('last_login_at', store.types.Moment(), nullable=True),
    sa.PrimaryKeyConstraint('key', name=op.f('pk_user_account'))
    )
    op.create_table('worker',
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('host', sa.Text(), nullable=False),
    sa.Column('pid', store.types.Id, nullable=False),
    sa.Column('embedded', sa.Boolean(), nullable=False),
    sa.Column('started_at', store.types.Moment(), nullable=False),
    sa.Column('seen_at', store.types.Moment(), nullable=False),
    sa.PrimaryKeyConstraint('name', name=op.f('pk_worker'))
    )
    op.create_table('agency',
    sa.Column('id', store.types.Id, autoincrement=True, nullable=False),
    sa.Column('principal', sa.Text(), nullable=False),
    sa.Column('agent', sa.Text(), nullable=False),
    sa.Column('workflow', sa.Text(), nullable=True),
    sa.Column('starts_at', store.types.Moment(), nullable=False),
    sa.Column('ends_at', store.types.Moment(), nullable=False),
    sa.ForeignKeyConstraint(['agent'], ['user_account.key'], name=op.f('fk_agency_agent')),
    sa.ForeignKeyConstraint(['principal'], ['user_account.key'], name=op.f('fk_agency_principal')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_agency'))
    )
    with op.batch_alter_table('agency', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_agency_principal'), ['principal'], unique=False)

    op.create_table('api_token',
    sa.Column('id', store.types.Id, autoincrement=True, nullable=False),
    sa.Column('token_hash', sa.Text(), nullable=False),
    sa.Column('user', sa.Text(), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('created_at', store.types.Moment(), nullable=False),
    sa.Column('expires_at', store.types.Moment(), nullable=True),
    sa.Column('used_at', store.types.Moment(), nullable=True),
    sa.Column('revoked_at', store.types.Moment(), nullable=True),
    sa.ForeignKeyConstraint(['user'], ['user_account.key'], name=op.f('fk_api_token_user')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_api_token')),
    sa.UniqueConstraint('token_hash', name=op.f('uq_api_token_token_hash'))
    )
    with op.batch_alter_table('api_token', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_api_token_user'), ['user'], unique=False)

    op.create_table('copy',
    sa.Column('id', store.types.Id, autoincrement=True, nullable=False),
    sa.Column('instance', sa.Text(), nullable=False),
    sa.Column('user', sa.Text(), nullable=False),
    sa.Column('at', store.types.Moment(), nullable=False),
    sa.Column('read_at', store.types.Moment(), nullable=True),
    sa.ForeignKeyConstraint(['instance'], ['instance.id'], name=op.f('fk_copy_instance')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_copy')),
    sa.UniqueConstraint('instance', 'user', name=op.f('uq_copy_instance_user'))
    )
    with op.batch_alter_table('copy', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_copy_user'), ['user'], unique=False)

    op.create_table('definition_draft',
    sa.Column('definition_id', store.types.Id, nullable=False),
    sa.Column('document', store.types.Json, nullable=False),
    sa.Column('etag', sa.Text(), nullable=False),
    sa.Column('updated_at', store.types.Moment(), nullable=False),
    sa.Column('updated_by', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['definition_id'], ['definition.id'], name=op.f('fk_definition_draft_definition_id')),
    sa.PrimaryKeyConstraint('definition_id', name=op.f('pk_definition_draft'))
    )
    op.create_table('definition_version',
    sa.Column('definition_id', store.types.Id, nullable=False),
    sa.Column('version', store.types.Id, nullable=False),
    sa.Column('document', store.types.Json, nullable=False),
    sa.Column('published_at', store.types.Moment(), nullable=False),
    sa.Column('published_by', sa.Text(), nullable=False),
    sa.Column('note', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['definition_id'], ['definition.id'], name=op.f('fk_definition_version_definition_id')),
    sa.PrimaryKeyConstraint('definition_id', 'version', name=op.f('pk_definition_version'))
    )
    op.create_table('delivery_attempt',
    sa.Column('id', store.types.Id, autoincrement=True, nullable=False),
    sa.Column('delivery_id', store.types.Id, nullable=False),
    sa.Column('attempt', store.types.Id, nullable=False),
    sa.Column('at', store.types.Moment(), nullable=False),
    sa.Column('outcome', sa.Text(), nullable=False),
    sa.Column('code', sa.Text(), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('worker', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['delivery_id'], ['delivery.id'], name=op.f('fk_delivery_attempt_delivery_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_delivery_attempt'))
    )
    with op.batch_alter_table('delivery_attempt', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_delivery_attempt_delivery_id'), ['delivery_id'], unique=False)

    op.create_table('episode_event',
    sa.Column('id', store.types.Id, autoincrement=True, nullable=False),
    sa.Column('episode_id', store.types.Id, nullable=False),
    sa.Column('at', store.types.Moment(), nullable=False),
    sa.Column('event', sa.Text(), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('level', sa.Text(), nullable=True),
    sa.Column('actor', sa.Text(), nullable=False),
    sa.Column('note', sa.Text(), nullable=False),
    sa.Column('data', store.types.Json, nullable=False),
    sa.ForeignKeyConstraint(['episode_id'], ['episode.id'], name=op.f('fk_episode_event_episode_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_episode_event'))
    )
    with op.batch_alter_table('episode_event', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_episode_event_episode_id'), ['episode_id'], unique=False)

    op.create_table('instance_log',
    sa.Column('id', store.types.Id, autoincrement=True, nullable=False),
    sa.Column('instance', sa.Text(), nullable=False),
    sa.Column('sequence', store.types.Id, nullable=False),
    sa.Column('at', store.types.Moment(), nullable=False),
    sa.Column('actor', sa.Text(), nullable=False),
    sa.Column('on_behalf_of', sa.Text(), nullable=True),
    sa.Column('op', sa.Text(), nullable=False),
    sa.Column('node', sa.Text(), nullable=False),
    sa.Column('comment', sa.Text(), nullable=False),
    sa.Column('data', store.types.Json, nullable=False),
    sa.Column('request_id', sa.Text(), nullable=True),
    sa.ForeignKeyConstraint(['instance'], ['instance.id'], name=op.f('fk_instance_log_instance')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_instance_log')),
    sa.UniqueConstraint('instance', 'sequence', name=op.f('uq_instance_log_instance_sequence'))
    )
    with op.batch_alter_table('instance_log', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_instance_log_request_id'), ['request_id'], unique=False)

    op.create_table('login_session',
    sa.Column('token_hash', sa.Text(), nullable=False),
    sa.Column('user', sa.Text(), nullable=False),
    sa.Column('epoch', store.types.Id, nullable=False),
    sa.Column('csrf', sa.Text(), nullable=False),
    sa.Column('created_at', store.types.Moment(), nullable=False),
    sa.Column('seen_at', store.types.Moment(), nullable=False),
    sa.Column('expires_at', store.types.Moment(), nullable=False),
    sa.Column('address', sa.Text(), nullable=True),
    sa.Column('browser', sa.Text(), nullable=True),
    sa.ForeignKeyConstraint(['user'], ['user_account.key'], name=op.f('fk_login_session_user')),
    sa.PrimaryKeyConstraint('token_hash', name=op.f('pk_login_session'))
    )
    with op.batch_alter_table('login_session', schema=None) as batch_op:
        batch_op.create_index('ix_login_session_user', ['user'], unique=False)

    op.create_table('rule_run',
    sa.Column('id', store.types.Id, autoincrement=True, nullable=False),
    sa.Column('run_id', store.types.Id, nullable=False),
    sa.Column('rule', sa.Text(), nullable=False),
    sa.Column('version', store.types.Id, nullable=False),
    sa.Column('at', store.types.Moment(), nullable=False),
    sa.Column('rows', store.types.Id, nullable=False),
    sa.Column('breaches', store.types.Id, nullable=False),
    sa.Column('fired', store.types.Id, nullable=False),
    sa.Column('changed', store.types.Id, nullable=False),
    sa.Column('resolved', store.types.Id, nullable=False),
    sa.Column('unknown', store.types.Id, nullable=False),
    sa.Column('reasons', store.types.Json, nullable=False),
    sa.Column('error', sa.Text(), nullable=True),
    sa.ForeignKeyConstraint(['run_id'], ['run.id'], name=op.f('fk_rule_run_run_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_rule_run'))
    )
    with op.batch_alter_table('rule_run', schema=None) as batch_op:
        batch_op.create_index('ix_rule_run_rule', ['rule', 'id'], unique=False)
        batch_op.create_index(batch_op.f('ix_rule_run_run_id'), ['run_id'], unique=False)

    op.create_table('seat',
    sa.Column('id', store.types.Id, autoincrement=True, nullable=False),
    sa.Column('instance', sa.Text(), nullable=False),
    sa.Column('work', sa.Text(), nullable=False),
    sa.Column('node', sa.Text(), nullable=False),
    sa.Column('user', sa.Text(), nullable=False),
    sa.Column('owner', sa.Text(), nullable=True),
    sa.Column('state', sa.Text(), nullable=False),
    sa.Column('op', sa.Text(), nullable=True),
    sa.Column('comment', sa.Text(), nullable=False),
    sa.Column('arrived_at', store.types.Moment(), nullable=False),
    sa.Column('due_at', store.types.Moment(), nullable=True),
    sa.Column('done_at', store.types.Moment(), nullable=True),
    sa.Column('summary', store.types.Json, nullable=False),
    sa.ForeignKeyConstraint(['instance'], ['instance.id'], name=op.f('fk_seat_instance')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_seat'))
    )
    with op.batch_alter_table('seat', schema=None) as batch_op:
        batch_op.create_index('ix_seat_user_state', ['user', 'state'], unique=False)
        batch_op.create_index('uq_seat_open', ['instance', 'work'], unique=True, sqlite_where=sa.text("state = 'open'"), postgresql_where=sa.text("state = 'open'"))

    for table in ('audit', 'audit_seal', 'instance_log'):
        _append_only(table)


def _append_only(table: str) -> None:
    """Let the database itself refuse a change or a deletion."""
    if op.get_bind().dialect.name == 'sqlite':
        for verb in ('UPDATE', 'DELETE'):
            op.execute(
                f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
            )
        return
    op.execute(
        "CREATE OR REPLACE FUNCTION append_only() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$"
    )
    op.execute(
        f'CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} '
        'FOR EACH STATEMENT EXECUTE FUNCTION append_only()'
    )


def downgrade() -> None:
    raise RuntimeError('restore the backup that was made before the upgrade')
