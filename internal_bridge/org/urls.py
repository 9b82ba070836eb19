"""Addresses of the directory and of its administration."""

from django.urls import path

from internal_bridge.org.views import (
    directory,
    manage_grants,
    manage_imports,
    manage_people,
    manage_posts,
    manage_units,
    posts,
    units,
)

app_name = "org"

UNIT, PERSON = "administration/units/<slug:code>/", "administration/people/<uuid:uid>/"
DEPARTMENT, POST = "administration/departments/<int:department_id>/", "administration/posts/<int:post_id>/"
APPOINTMENT, GRANT = "administration/appointments/<int:appointment_id>/", "administration/grants/<uuid:uid>/"
IMPORT = "administration/imports/<uuid:uid>/"

urlpatterns = [
    path("directory/", directory.directory, name="directory"),
    path("directory/people.vcf", directory.export_cards, name="export_cards"),
    path("directory/people/<uuid:uid>/", directory.person, name="person"),
    path("directory/units/<slug:code>/", units.unit, name="unit"),
    path("post/", posts.choose, name="choose_post"),
    path("administration/", manage_units.administration, name="administration"),
    path("administration/units/", manage_units.units, name="admin_units"),
    # Not below units/: every word there may be a unit's code.
    path("administration/new-unit/", manage_units.new_unit, name="admin_unit_new"),
    path(UNIT, manage_units.unit, name="admin_unit"),
    path(UNIT + "change/", manage_units.change_unit, name="admin_unit_change"),
    path(UNIT + "rename/", manage_units.rename_unit, name="admin_unit_rename"),
    path(UNIT + "move/", manage_units.move_unit, name="admin_unit_move"),
    path(UNIT + "merge/", manage_units.merge_unit, name="admin_unit_merge"),
    path(UNIT + "close/", manage_units.close_unit, name="admin_unit_close"),
    path(UNIT + "departments/new/", manage_posts.new_department, name="admin_department_new"),
    path(DEPARTMENT + "change/", manage_posts.change_department, name="admin_department_change"),
    path(DEPARTMENT + "close/", manage_posts.close_department, name="admin_department_close"),
    path(DEPARTMENT + "posts/new/", manage_posts.new_post, name="admin_post_new"),
    path(POST + "change/", manage_posts.change_post, name="admin_post_change"),
    path(POST + "close/", manage_posts.close_post, name="admin_post_close"),
    path("administration/people/", manage_people.people, name="admin_people"),
    path("administration/people/new/", manage_people.new_person, name="admin_person_new"),
    path(PERSON, manage_people.person, name="admin_person"),
    path(PERSON + "change/", manage_people.change_person, name="admin_person_change"),
    path(PERSON + "appoint/", manage_people.appoint_person, name="admin_person_appoint"),
    path(PERSON + "leave/", manage_people.leave, name="admin_person_leave"),
    path(PERSON + "login/", manage_people.give_login, name="admin_person_login"),
    path(PERSON + "password/", manage_people.reset_password, name="admin_person_password"),
    path(PERSON + "grants/new/", manage_grants.give_grant, name="admin_grant_give"),
    path(APPOINTMENT + "end/", manage_people.end_appointment, name="admin_appointment_end"),
    path(APPOINTMENT + "restore/", manage_grants.restore_appointment, name="admin_appointment_restore"),
    path("administration/grants/", manage_grants.grants, name="admin_grants"),
    path(GRANT + "end/", manage_grants.end_grant, name="admin_grant_end"),
    path(GRANT + "restore/", manage_grants.restore_grant, name="admin_grant_restore"),
    path("administration/imports/", manage_imports.imports, name="admin_imports"),
    path(IMPORT, manage_imports.import_run, name="import"),
    path(IMPORT + "apply/", manage_imports.apply, name="import_apply"),
    path("administration/imports/templates/<slug:kind>.csv", manage_imports.template, name="import_template"),
    path("administration/exports/<slug:kind>.csv", manage_imports.export, name="export"),
]
