// SPDX-License-Identifier: GPL-3.0-or-later
#include "pbx/technology/dialog_info.hpp"

#include "sip/uri.hpp"

namespace almon::pbx {
namespace {

/// Text and attribute values of XML 1.0; what it cannot hold at all becomes a blank.
std::string escaped(std::string_view text) {
    std::string safe;
    for (const char byte : text) {
        switch (byte) {
            case '&':
                safe += "&amp;";
                break;
            case '<':
                safe += "&lt;";
                break;
            case '>':
                safe += "&gt;";
                break;
            case '"':
                safe += "&quot;";
                break;
            default:
                safe += static_cast<unsigned char>(byte) < 0x20 ? ' ' : byte;
        }
    }
    return safe;
}

void attribute(std::string& xml, std::string_view name, std::string_view value) {
    xml.append(" ").append(name).append("=\"").append(escaped(value)).append("\"");
}

void write(std::string& xml, const WatchedDialog& dialog, std::string_view host) {
    xml += "<dialog";
    attribute(xml, "id", dialog.id);
    if (dialog.name) {
        attribute(xml, "call-id", dialog.name->call_id);
        if (!dialog.name->remote_tag.empty()) attribute(xml, "local-tag", dialog.name->remote_tag);
        attribute(xml, "remote-tag", dialog.name->local_tag);
    }
    attribute(xml, "direction", dialog.is_called ? "recipient" : "initiator");
    xml.append(">\r\n<state>").append(dialog.state).append("</state>\r\n");
    if (!dialog.other.withheld && !dialog.other.number.empty()) {
        const auto uri = "sip:" + sip::escape_user(dialog.other.number) + "@" + std::string(host);
        xml += "<remote><identity";
        if (!dialog.other.name.empty()) attribute(xml, "display", dialog.other.name);
        xml.append(">").append(escaped(uri)).append("</identity><target");
        attribute(xml, "uri", uri);
        xml += "/></remote>\r\n";
    }
    xml += "</dialog>\r\n";
}

}  // namespace

sip::Body dialog_info_of(std::string_view entity, std::string_view host, std::uint32_t version, bool whole,
                         const std::vector<WatchedDialog>& dialogs) {
    std::string xml = "<?xml version=\"1.0\"?>\r\n<dialog-info xmlns=\"urn:ietf:params:xml:ns:dialog-info\"";
    attribute(xml, "version", std::to_string(version));
    attribute(xml, "state", whole ? "full" : "partial");
    attribute(xml, "entity", entity);
    xml += ">\r\n";
    for (const auto& dialog : dialogs)
        write(xml, dialog, host);
    xml += "</dialog-info>\r\n";
    return {"application/dialog-info+xml", std::move(xml)};
}

}  // namespace almon::pbx
