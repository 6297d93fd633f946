// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/installation.hpp"

namespace almon::model {

template <>
Declaration declare<Installation>() {
    Declaration made;
    made.kind = "installation";
    made.title = "Installation";
    made.table = "installation_settings";
    made.fields = {
        field("id", &Installation::id).key(),
        field("configured", &Installation::configured),
        field("live_reload", &Installation::live_reload),
        field("language", &Installation::language),
        field("timezone", &Installation::timezone),
        field("hostname", &Installation::hostname),
        field("domain", &Installation::domain),
    };
    return made;
}

}  // namespace almon::model
