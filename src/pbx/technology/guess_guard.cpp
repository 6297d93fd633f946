// SPDX-License-Identifier: GPL-3.0-or-later
#include "pbx/technology/guess_guard.hpp"

namespace almon::pbx {

bool GuessGuard::shut_out(const NetAddress& address) const {
    if (guesses_.empty()) return false;
    const auto found = guesses_.find(host_of(address));
    return found != guesses_.end() && clock_.instant() < found->second.shut_out_until;
}

void GuessGuard::wrong(const NetAddress& address) {
    if (guesses_.size() >= settings_.addresses && !guesses_.contains(host_of(address))) guesses_.clear();
    Guesses& guesses = guesses_[host_of(address)];
    if (guesses.count == 0 || clock_.instant() - guesses.since > settings_.window) {
        guesses.count = 0;
        guesses.since = clock_.instant();
    }
    if (++guesses.count > settings_.allowed_guesses) {
        guesses.shut_out_until = clock_.instant() + settings_.shut_out;
        guesses.count = 0;
    }
}

void GuessGuard::right(const NetAddress& address) {
    if (!guesses_.empty()) guesses_.erase(host_of(address));
}

}  // namespace almon::pbx
