// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/contact_row.hpp"

#include <charconv>
#include <cmath>
#include <utility>

#include <boost/json.hpp>
#include <soci/soci.h>

#include "base/log.hpp"
#include "store/timestamp.hpp"

namespace almon::store {
namespace {

/// A contact as its columns hold it.
struct Columns {
    std::string username, uri, transport, local, remote, expires, call_id, user_agent, instance, path;
    long long cseq = 0;
    long long q = 0;  // thousandths
    long long reg_id = 0;
};

Columns columns_of(const bus::StoredContact& contact) {
    boost::json::array path;
    for (const auto& hop : contact.path)
        path.emplace_back(hop);
    return {contact.username,      contact.uri,
            contact.transport,     contact.local.text(),
            contact.remote.text(), timestamp_text(contact.expires),
            contact.call_id,       contact.user_agent,
            contact.instance,      boost::json::serialize(path),
            contact.cseq,          std::llround(contact.q * 1000),
            contact.reg_id};
}

/// "192.0.2.1:5060" or "[2001:db8::1]:5060".
Result<NetAddress> parse_address(std::string_view text) {
    const auto colon = text.rfind(':');
    std::uint16_t port = 0;
    if (colon == std::string_view::npos ||
        std::from_chars(text.data() + colon + 1, text.data() + text.size(), port).ec != std::errc{})
        return refuse(ErrorCode::Malformed, "address", "has no port");
    return NetAddress::parse(text.substr(0, colon), port);
}

Result<bus::StoredContact> contact_of(const Columns& columns) {
    bus::StoredContact contact;
    const auto local = parse_address(columns.local);
    const auto remote = parse_address(columns.remote);
    const auto expires = parse_timestamp(columns.expires);
    if (!local) return refuse(local);
    if (!remote) return refuse(remote);
    if (!expires) return refuse(expires);
    contact.username = columns.username;
    contact.uri = columns.uri;
    contact.transport = columns.transport;
    contact.local = *local;
    contact.remote = *remote;
    contact.expires = *expires;
    contact.call_id = columns.call_id;
    contact.cseq = static_cast<std::uint32_t>(columns.cseq);
    contact.q = static_cast<double>(columns.q) / 1000;
    contact.user_agent = columns.user_agent;
    contact.instance = columns.instance;
    contact.reg_id = static_cast<std::uint32_t>(columns.reg_id);
    boost::json::error_code error;
    const auto path = boost::json::parse(columns.path, error);
    if (error || !path.is_array()) return refuse(ErrorCode::Malformed, "path", "is no JSON array");
    for (const auto& hop : path.get_array()) {
        if (!hop.is_string()) return refuse(ErrorCode::Malformed, "path", "holds something else than texts");
        contact.path.emplace_back(hop.get_string());
    }
    return contact;
}

}  // namespace

struct ContactWriter::Rows {
    Columns columns;
    soci::statement write;
    soci::statement erase;

    explicit Rows(soci::session& session)
        : write((session.prepare
                     << "INSERT INTO contacts (username, uri, transport, local_address, remote_address, "
                        "expires, "
                        "call_id, cseq, q, user_agent, instance, reg_id, path) VALUES (:username, :uri, "
                        ":transport, "
                        ":local, :remote, :expires, :call_id, :cseq, :q, :user_agent, :instance, :reg_id, "
                        ":path) "
                        "ON CONFLICT (username, uri) DO UPDATE SET transport = excluded.transport, "
                        "local_address = excluded.local_address, remote_address = excluded.remote_address, "
                        "expires = excluded.expires, call_id = excluded.call_id, cseq = excluded.cseq, "
                        "q = excluded.q, user_agent = excluded.user_agent, instance = excluded.instance, "
                        "reg_id = excluded.reg_id, path = excluded.path",
                 soci::use(columns.username), soci::use(columns.uri), soci::use(columns.transport),
                 soci::use(columns.local), soci::use(columns.remote), soci::use(columns.expires),
                 soci::use(columns.call_id), soci::use(columns.cseq), soci::use(columns.q),
                 soci::use(columns.user_agent), soci::use(columns.instance), soci::use(columns.reg_id),
                 soci::use(columns.path))),
          erase((session.prepare << "DELETE FROM contacts WHERE username = :username AND uri = :uri",
                 soci::use(columns.username), soci::use(columns.uri))) {}
};

ContactWriter::ContactWriter(Session& session) : rows_(std::make_unique<Rows>(session.soci())) {}
ContactWriter::~ContactWriter() = default;

void ContactWriter::write(const bus::StoredContact& contact) {
    rows_->columns = columns_of(contact);
    rows_->write.execute(true);
}

void ContactWriter::erase(const std::string& username, const std::string& uri) {
    rows_->columns.username = username;
    rows_->columns.uri = uri;
    rows_->erase.execute(true);
}

std::vector<bus::StoredContact> read_contacts(Session& session) {
    Columns columns;
    soci::statement statement =
        (session.soci().prepare
             << "SELECT username, uri, transport, local_address, remote_address, expires, call_id, "
                "cseq, q, user_agent, instance, reg_id, path FROM contacts",
         soci::into(columns.username), soci::into(columns.uri), soci::into(columns.transport),
         soci::into(columns.local), soci::into(columns.remote), soci::into(columns.expires),
         soci::into(columns.call_id), soci::into(columns.cseq), soci::into(columns.q),
         soci::into(columns.user_agent), soci::into(columns.instance), soci::into(columns.reg_id),
         soci::into(columns.path));
    statement.execute();
    std::vector<bus::StoredContact> contacts;
    while (statement.fetch()) {
        auto contact = contact_of(columns);
        if (contact)
            contacts.push_back(*std::move(contact));
        else
            log_warning("the stored contact {} of {} is passed over: {} {}", columns.uri, columns.username,
                        contact.error().field, contact.error().reason);
    }
    return contacts;
}

}  // namespace almon::store
