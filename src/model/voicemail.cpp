// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/voicemail.hpp"

#include <fmt/format.h>

#include "model/relations.hpp"
#include "model/snapshot.hpp"
#include "model/text_checks.hpp"

namespace almon::model {

namespace json = boost::json;

namespace {

Result<void> check_password(const json::value& value) {
    if (!is_digits_and(value.get_string(), "#*"))
        return refuse(ErrorCode::InvalidArgument, "", "may have digits, # and * only");
    return {};
}

void complete(Voicemail& voicemail, const Voicemail*, const Snapshot&, Random&) {
    voicemail.mailbox = fmt::format("{}@{}", voicemail.number, voicemail.context);
}

/// Those whose voicemail it is, not those whose calls may end there.
void write_users(std::string& out, const Voicemail& voicemail, const Snapshot& snapshot) {
    JsonList list(out);
    snapshot.for_each_naming<User>(voicemail.id, [&](const User& user) {
        if (user.voicemail == voicemail.id) relations::write_user(list.entry(), user);
    });
}

}  // namespace

const Voicemail* voicemail_in(const Snapshot& snapshot, std::string_view context, std::string_view number) {
    return snapshot.find(
        VoicemailId{snapshot.id_by<Voicemail>("mailbox", fmt::format("{}@{}", number, context))});
}

template <>
Declaration declare<Voicemail>() {
    Declaration made;
    made.kind = "voicemail";
    made.title = "Voicemail";
    made.table = "voicemails";
    made.collection = "/voicemails";
    made.id_name = "voicemail_id";
    made.fields = {
        field("id", &Voicemail::id).key().sortable().says("Number of the voicemail"),
        field("name", &Voicemail::name).required().length(1, 80).searched().sortable().says("Whose it is"),
        field("number", &Voicemail::number)
            .required()
            .length(1, 40)
            .searched()
            .sortable()
            .checked_by(checks::digits)
            .says("Its number, unique within the context"),
        field("context", &Voicemail::context)
            .required()
            .length(1, 39)
            .names("context")
            .searched()
            .sortable()
            .says("Name of the context that it belongs to"),
        field("password", &Voicemail::password)
            .secret()
            .length(0, 80)
            .checked_by(check_password)
            .says("Digits that open it by phone"),
        field("email", &Voicemail::email)
            .length(0, 254)
            .searched()
            .sortable()
            .checked_by(checks::email)
            .says("Where new messages are told of"),
        field("pager", &Voicemail::pager)
            .length(0, 254)
            .sortable()
            .checked_by(checks::email)
            .says("Where new messages are told of in short"),
        field("language", &Voicemail::language)
            .one_of({"de_DE", "en_US", "es_ES", "fr_FR", "fr_CA", "it_IT", "nl_NL"})
            .sortable()
            .says("Language of what it says"),
        field("timezone", &Voicemail::timezone)
            .length(0, 64)
            .checked_by(checks::timezone)
            .says("Of the times that it tells, like eu-fr or America/Montreal"),
        field("max_messages", &Voicemail::max_messages).range(0, 100'000).says("So many messages at most"),
        field("attach_audio", &Voicemail::attach_audio).says("Whether mails carry the message"),
        field("delete_messages", &Voicemail::delete_messages)
            .says("Whether messages are deleted once they were sent"),
        field("ask_password", &Voicemail::ask_password).says("Whether it asks for the password"),
        field("enabled", &Voicemail::enabled).sortable().says("Whether it takes messages"),
        field("options", &Voicemail::options).says("Further options as [[\"name\", \"value\"], ...]"),
        field("mailbox", &Voicemail::mailbox).hidden().unique(),
    };
    made.relations = {
        {"users", relations::list_of(relations::user_schema()), declaring::writes<Voicemail, write_users>},
    };
    made.complete = declaring::completes<Voicemail, complete>;
    return made;
}

}  // namespace almon::model
