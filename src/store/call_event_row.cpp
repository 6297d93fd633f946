// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/call_event_row.hpp"

#include <string>

#include <soci/soci.h>

#include "store/timestamp.hpp"

namespace almon::store {

struct CallEventWriter::Row {
    std::string type;
    std::string time;
    bus::CallEvent event;
    soci::statement statement;

    // A caller's own number is also what bills go to (cid_ani); the AMA flag is 3, "documentation",
    // throughout.
    explicit Row(soci::session& session)
        : statement((
              session.prepare
                  << "INSERT INTO cel (eventtype, eventtime, userdeftype, cid_name, cid_num, cid_ani, "
                     "cid_rdnis, "
                     "cid_dnid, exten, context, channame, appname, appdata, amaflags, accountcode, "
                     "peeraccount, "
                     "uniqueid, linkedid, userfield, peer, extra) VALUES (:type, :time, '', :name, :num, "
                     ":ani, "
                     "'', :dnid, :exten, :context, :channame, :appname, :appdata, 3, :account, :peeraccount, "
                     ":uniqueid, :linkedid, :userfield, :peer, :extra)",
              soci::use(type), soci::use(time), soci::use(event.caller_name), soci::use(event.caller_number),
              soci::use(event.caller_number), soci::use(event.dialled_number), soci::use(event.exten),
              soci::use(event.context), soci::use(event.channel_name), soci::use(event.application),
              soci::use(event.application_data), soci::use(event.account_code),
              soci::use(event.peer_account_code), soci::use(event.unique_id), soci::use(event.linked_id),
              soci::use(event.user_field), soci::use(event.peer), soci::use(event.extra))) {}
};

CallEventWriter::CallEventWriter(Session& session) : row_(std::make_unique<Row>(session.soci())) {}
CallEventWriter::~CallEventWriter() = default;

void CallEventWriter::write(const bus::CallEvent& event) {
    row_->type = bus::name_of(event.type);
    row_->time = timestamp_text(event.time);
    row_->event = event;
    row_->statement.execute(true);
}

}  // namespace almon::store
