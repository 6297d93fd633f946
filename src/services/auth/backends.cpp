// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/auth/backends.hpp"

#include <algorithm>
#include <atomic>

#include "base/digest_hash.hpp"
#include "base/whole_number.hpp"
#include "model/administrator.hpp"
#include "model/web_service.hpp"
#include "services/auth/token_store.hpp"
#include "store/password_hash.hpp"

namespace almon::services {

namespace {

tl::unexpected<Error> nobody() {
    return refuse(ErrorCode::Unauthorized, "", "Authentication Failed");
}

/// The resource named by an auth_id that is its number; null: none.
template <class Resource>
const Resource* numbered(std::string_view auth_id, const model::Snapshot& snapshot) {
    const auto id = whole_number<std::uint64_t>(auth_id);
    return id ? snapshot.find(Id<Resource>{*id}) : nullptr;
}

template <class Resource>
const Resource* named(std::string_view login, const model::Snapshot& snapshot) {
    if (login.empty()) return nullptr;
    const auto id = snapshot.id_by<Resource>("username", login);
    return id == 0 ? nullptr : snapshot.find(Id<Resource>{id});
}

/// Both are hashed, so that the time says nothing of either, not even of their lengths.
bool same_password(std::string_view given, std::string_view right) {
    const HexHash left = hash_joined(DigestAlgorithm::Sha256, {given});
    return equal_in_constant_time(left.view(), hash_joined(DigestAlgorithm::Sha256, {right}).view());
}

class UserBackend final : public Backend {
public:
    std::string name() const override { return "xivo_user"; }

    Result<Caller::Account> verify(std::string_view login, std::string_view password,
                                   const model::Snapshot& snapshot) override {
        const auto* user = named<model::User>(login, snapshot);
        const bool right = same_password(password, user != nullptr ? user->password : "");
        if (user == nullptr || !right || !may_sign_in(*user)) return nobody();
        return account_of(*user);
    }
    std::optional<Caller::Account> account(std::string_view auth_id,
                                           const model::Snapshot& snapshot) const override {
        const auto* user = snapshot.user_by_uuid(auth_id);
        if (user == nullptr || !may_sign_in(*user)) return std::nullopt;
        return account_of(*user);
    }

private:
    static bool may_sign_in(const model::User& user) {
        return user.enabled && !user.username.empty() && !user.password.empty();
    }
    Caller::Account account_of(const model::User& user) const {
        return {name(), user.username, user.uuid, user.uuid, rules_of_users()};
    }
};

class ServiceBackend final : public Backend {
public:
    std::string name() const override { return "xivo_service"; }

    Result<Caller::Account> verify(std::string_view login, std::string_view password,
                                   const model::Snapshot& snapshot) override {
        const auto* service = named<model::WebService>(login, snapshot);
        const bool right = same_password(password, service != nullptr ? service->password : "");
        if (service == nullptr || !right || service->password.empty()) return nobody();
        return account_of(*service);
    }
    std::optional<Caller::Account> account(std::string_view auth_id,
                                           const model::Snapshot& snapshot) const override {
        const auto* service = numbered<model::WebService>(auth_id, snapshot);
        if (service == nullptr) return std::nullopt;
        return account_of(*service);
    }

private:
    Caller::Account account_of(const model::WebService& service) const {
        return {name(), service.username, std::to_string(service.id.value), "", service.acl};
    }
};

class AdministratorBackend final : public Backend {
public:
    std::string name() const override { return "xivo_admin"; }

    Result<Caller::Account> verify(std::string_view login, std::string_view password,
                                   const model::Snapshot& snapshot) override {
        // A check takes a core and 64 MiB for a tenth of a second: strangers shall not have all of them.
        const Place place(checking_);
        if (!place.taken)
            return refuse(ErrorCode::Unavailable, "", "too many are signing in: try again in a second");
        const auto* administrator = named<model::Administrator>(login, snapshot);
        const bool right =
            store::verify_password(administrator != nullptr ? std::string_view(administrator->password)
                                                            : store::password_hash_of_nobody(),
                                   password);
        if (administrator == nullptr || !right || !administrator->enabled || password.empty())
            return nobody();
        return account_of(*administrator);
    }
    std::optional<Caller::Account> account(std::string_view auth_id,
                                           const model::Snapshot& snapshot) const override {
        const auto* administrator = numbered<model::Administrator>(auth_id, snapshot);
        if (administrator == nullptr || !administrator->enabled) return std::nullopt;
        return account_of(*administrator);
    }

private:
    static constexpr int kChecksAtOnce = 3;

    struct Place {
        explicit Place(std::atomic<int>& count) : checking(count), taken(++count <= kChecksAtOnce) {}
        ~Place() { --checking; }
        Place(const Place&) = delete;
        Place& operator=(const Place&) = delete;

        std::atomic<int>& checking;
        const bool taken;
    };

    Caller::Account account_of(const model::Administrator& administrator) const {
        return {name(), administrator.username, std::to_string(administrator.id.value), "",
                model::acl_of(administrator)};
    }

    std::atomic<int> checking_{0};
};

/// Who learnt the old one shall not go on with what he got for it.
template <class Resource>
bool has_another_password(const model::Operation& operation) {
    const auto* before = static_cast<const Resource*>(operation.expected.get());
    const auto* now = static_cast<const Resource*>(operation.resource.get());
    return before != nullptr && now != nullptr && before->password != now->password;
}

}  // namespace

Backends::Backends() {
    all_.push_back(std::make_unique<AdministratorBackend>());
    all_.push_back(std::make_unique<ServiceBackend>());
    all_.push_back(std::make_unique<UserBackend>());
}

Backend* Backends::find(std::string_view name) const noexcept {
    const auto found =
        std::find_if(all_.begin(), all_.end(), [&](const auto& backend) { return backend->name() == name; });
    return found == all_.end() ? nullptr : found->get();
}

void Backends::revoke_ended(TokenStore& tokens, const model::Change& change,
                            const model::Snapshot& snapshot) const {
    const auto check = [&](std::string_view backend, std::string_view auth_id, bool proved_anew = false) {
        const auto* source = find(backend);
        const auto now = source != nullptr ? source->account(auth_id, snapshot) : std::nullopt;
        tokens.revoke(backend, auth_id, [&](const Token& token) {
            return proved_anew || !now || now->name != token.name() || now->rules != token.account().rules;
        });
    };
    bool all = change.operations.empty();
    for (const auto& operation : change.operations) {
        const auto of = [&](const model::Declaration& kind) { return operation.declaration == &kind; };
        if (of(model::declaration_of<model::WebService>())) {
            check("xivo_service", std::to_string(operation.key.first),
                  has_another_password<model::WebService>(operation));
        } else if (of(model::declaration_of<model::Administrator>())) {
            check("xivo_admin", std::to_string(operation.key.first),
                  has_another_password<model::Administrator>(operation));
        } else if (of(model::declaration_of<model::User>())) {
            const auto& known = operation.resource ? operation.resource : operation.expected;
            if (known)
                check("xivo_user", static_cast<const model::User*>(known.get())->uuid,
                      has_another_password<model::User>(operation));
            else
                all = true;  // What uuid the user had is not said any more.
        }
    }
    if (!all) return;
    for (const auto& account : tokens.accounts())
        check(account.backend, account.auth_id);
}

const std::vector<std::string>& rules_of_users() {
    static const std::vector<std::string> kRules = {
        "confd.infos.read",
        "confd.users.me.read",
        "confd.users.me.#.read",
        "confd.users.me.forwards.update",
        "confd.users.me.forwards.*.update",
        "confd.users.me.services.update",
        "confd.users.me.services.*.update",
        "confd.users.me.funckeys.update",
        "confd.users.me.funckeys.*.*",
        "call-logd.users.me.cdr.read",
        "ctid-ng.users.me.#",
        "ctid-ng.users.*.presences.read",
        "ctid-ng.lines.*.presences.read",
        "dird.directories.lookup.*.read",
        "dird.directories.lookup.*.headers.read",
        "dird.directories.lookup.*.me.read",
        "dird.directories.input.*.me.read",
        "dird.directories.menu.*.me.read",
        "dird.directories.reverse.*.me.read",
        "dird.directories.favorites.*.read",
        "dird.directories.favorites.*.*.*",
        "dird.directories.personal.*.read",
        "dird.personal.#",
        "websocketd",
        "events.calls.me",
        "events.transfers.me",
        "events.config.users.me.#",
        "events.users.me.#",
        "events.statuses.*",
    };
    return kRules;
}

}  // namespace almon::services
