#include "staff_office.hpp"

#include <set>

namespace motcua::staff_api {
namespace {

using namespace std::chrono_literals;
using app::staff_role;

class SignIn : public StaffOffice
{
protected:
    SignIn() { open(false); }
};

TEST_F(SignIn, TheCookieIsOnlyForThisHostAndNoScript)
{
    add_account("lan", {staff_role::admin});
    browser from;
    const auto got = sign_in(from, "LAN", good_password);
    EXPECT_EQ(got.status, 200U) << got.body;
    const auto cookie = field(got, "Set-Cookie");
    EXPECT_EQ(cookie.find("__Host-motcua_session="), 0U);
    EXPECT_EQ(cookie.substr(cookie.find(';')), "; Path=/; Secure; HttpOnly; SameSite=Strict");
    EXPECT_EQ(from.cookie.size(), 43U) << "256 bits";
    EXPECT_EQ(field(got, "Cache-Control"), "no-store");
    const auto shown = body(got);
    EXPECT_EQ(shown["stage"], "active");
    EXPECT_EQ(shown["staff_member"]["user_name"], "lan");
    EXPECT_EQ(shown["idle_ends_at"], "2026-11-16T02:30:00Z");
    EXPECT_EQ(shown["ends_at"], "2026-11-16T10:00:00Z");
    EXPECT_EQ(last_action(), "sign_in");
}

TEST_F(SignIn, NothingThatOpensASessionIsStored)
{
    add_account("lan", {staff_role::admin});
    const auto from = signed_in("lan");
    const auto rows = store_->open_reader()->accounts().sessions_of("s-lan");
    ASSERT_EQ(rows.size(), 1U);
    EXPECT_EQ(rows[0].secret_hash, sha256(from.cookie));
    EXPECT_EQ(rows[0].browser, "Firefox, Linux");
    EXPECT_EQ(account("lan").password_hash.find("$argon2id$"), 0U);
}

TEST_F(SignIn, UnknownWrongAndDisabledLookAlikeAndCostTheSame)
{
    add_account("lan", {staff_role::admin});
    add_account("mai", {staff_role::viewer});
    write([](app::transaction& t) {
        auto mai = t.accounts().find_by_user_name("mai").value();
        mai.who.active = false;
        t.accounts().put(mai);
    });
    std::set<std::string> answers;
    for (const auto& [name, password] : std::vector<std::pair<std::string, std::string>>{
             {"lan", "sai mật khẩu rồi"}, {"nobody", good_password}, {"mai", good_password}}) {
        const auto before = hasher_->compared;
        browser from;
        const auto got = sign_in(from, name, password);
        EXPECT_EQ(got.status, 401U) << name;
        EXPECT_EQ(hasher_->compared, before + 1) << name;
        EXPECT_EQ(field(got, "Set-Cookie"), "") << name;
        EXPECT_EQ(last_action(), "sign_in_failed") << name;
        answers.insert(got.body);
    }
    EXPECT_EQ(answers.size(), 1U);
}

TEST_F(SignIn, WhatIsNoUserNameIsNotWrittenDown)
{
    browser from;
    sign_in(from, "my secret password", "x");
    const auto rows = store_->open_reader()->audit().rows({});
    ASSERT_EQ(rows.size(), 1U);
    EXPECT_EQ(rows[0].entry.subject, "");
    EXPECT_EQ(rows[0].entry.address, "192.0.2.1");
}

TEST_F(SignIn, GuessingAnAccountHasToWaitEverLongerButNeverForGood)
{
    add_account("lan", {staff_role::admin});
    browser from;
    for (int i = 0; i < 5; ++i)
        EXPECT_EQ(sign_in(from, "lan", "sai mật khẩu").status, 401U);
    from.address = "192.0.2.2"; // elsewhere: it is the account that is slowed down
    auto got = sign_in(from, "lan", good_password);
    EXPECT_EQ(got.status, 429U);
    EXPECT_EQ(field(got, "Retry-After"), "1");
    pass(1s);
    EXPECT_EQ(sign_in(from, "lan", "sai mật khẩu").status, 401U);
    EXPECT_EQ(field(sign_in(from, "lan", "x"), "Retry-After"), "2");
    for (int i = 0; i < 12; ++i) {
        pass(60s);
        EXPECT_EQ(sign_in(from, "lan", "sai mật khẩu").status, 401U) << i;
    }
    EXPECT_EQ(field(sign_in(from, "lan", "x"), "Retry-After"), "60");
    pass(60s);
    EXPECT_EQ(sign_in(from, "lan", good_password).status, 200U);
    EXPECT_EQ(sign_in(from, "lan", "sai mật khẩu").status, 401U) << "and all is forgotten";
    EXPECT_EQ(sign_in(from, "lan", good_password).status, 200U);
}

TEST_F(SignIn, ANameThatIsNotThereIsSlowedDownTheSame)
{
    browser from;
    for (int i = 0; i < 5; ++i)
        EXPECT_EQ(sign_in(from, "nobody", "sai mật khẩu").status, 401U);
    EXPECT_EQ(sign_in(from, "nobody", "sai mật khẩu").status, 429U);
}

TEST_F(SignIn, AnAddressThatGoesThroughNamesIsSlowedDown)
{
    add_account("lan", {staff_role::admin});
    browser from;
    for (int i = 0; i < 20; ++i)
        EXPECT_EQ(sign_in(from, "name" + std::to_string(i), "x").status, 401U);
    EXPECT_EQ(sign_in(from, "lan", good_password).status, 429U);
    browser elsewhere{.address = "192.0.2.9"};
    EXPECT_EQ(sign_in(elsewhere, "lan", good_password).status, 200U);
}

TEST_F(SignIn, AForeignOriginIsRefused)
{
    add_account("lan", {staff_role::admin});
    browser from{.origin = "https://evil.example"};
    EXPECT_EQ(sign_in(from, "lan", good_password).status, 403U);
    from.origin = "";
    EXPECT_EQ(sign_in(from, "lan", good_password).status, 403U);
}

TEST_F(SignIn, AChangeNeedsTheTokenOfItsOwnSession)
{
    add_account("lan", {staff_role::admin});
    auto one = signed_in("lan");
    auto other = signed_in("lan");
    EXPECT_NE(one.csrf, other.csrf);
    std::swap(one.csrf, other.csrf);
    EXPECT_EQ(send(one, "DELETE", "/session").status, 403U);
    one.csrf.clear();
    EXPECT_EQ(send(one, "DELETE", "/session").status, 403U);
    EXPECT_EQ(stage_of(one), "active");
}

TEST_F(SignIn, AnOldSessionIsNotContinuedByANewOne)
{
    add_account("lan", {staff_role::admin});
    auto from = signed_in("lan");
    auto fixed = from;
    EXPECT_EQ(sign_in(from, "lan", good_password).status, 200U);
    EXPECT_NE(from.cookie, fixed.cookie);
    EXPECT_EQ(stage_of(fixed), "signed_out");
    browser planted{.cookie = std::string(43, 'A')};
    const auto got = sign_in(planted, "lan", good_password);
    EXPECT_NE(planted.cookie, std::string(43, 'A')) << got.body;
}

TEST_F(SignIn, ASessionEndsWithoutUseAndAfterEightHours)
{
    add_account("lan", {staff_role::admin});
    auto from = signed_in("lan");
    pass(29min);
    EXPECT_EQ(stage_of(from), "active");
    pass(29min);
    EXPECT_EQ(stage_of(from), "active") << "it was used";
    pass(30min);
    EXPECT_EQ(stage_of(from), "signed_out");
    from = signed_in("lan");
    for (int i = 0; i < 23; ++i) {
        pass(20min);
        EXPECT_EQ(stage_of(from), "active") << i;
    }
    pass(20min);
    EXPECT_EQ(stage_of(from), "signed_out") << "eight hours";
}

TEST_F(SignIn, ASessionOfAClockThatWasAheadDoesNotOutliveItsBounds)
{
    add_account("lan", {staff_role::admin});
    pass(24h * 400);
    auto from = signed_in("lan");
    pass(-24h * 400);
    EXPECT_EQ(stage_of(from), "signed_out");
    from = signed_in("lan");
    EXPECT_EQ(stage_of(from), "active");
    pass(-10min);
    EXPECT_EQ(stage_of(from), "active") << "a clock that is put right a little signs nobody out";
}

TEST_F(SignIn, WhatDoesNotKeepAliveLetsASessionEnd)
{
    add_account("lan", {staff_role::admin});
    const auto from = signed_in("lan");
    accounts& sessions = api_->sessions();
    for (int i = 0; i < 2; ++i) {
        pass(15min);
        const auto by = run_coroutine(context_, sessions.find(from.cookie, "", false));
        EXPECT_EQ(by.stage, i == 0 ? stage::active : stage::signed_out);
    }
}

TEST_F(SignIn, SignedOutIsSignedOut)
{
    add_account("lan", {staff_role::admin});
    auto from = signed_in("lan");
    auto stolen = from;
    const auto got = send(from, "DELETE", "/session");
    EXPECT_EQ(got.status, 204U);
    EXPECT_NE(field(got, "Set-Cookie").find("Max-Age=0"), std::string::npos);
    EXPECT_EQ(stage_of(stolen), "signed_out");
    EXPECT_EQ(send(stolen, "GET", "/staff").status, 401U);
    EXPECT_EQ(last_action(), "sign_out");
}

TEST_F(SignIn, AnAccountHasTenSessionsAtMost)
{
    add_account("lan", {staff_role::admin});
    auto first = signed_in("lan");
    for (int i = 0; i < 10; ++i) {
        pass(1s);
        signed_in("lan");
    }
    EXPECT_EQ(store_->open_reader()->accounts().sessions_of("s-lan").size(), 10U);
    EXPECT_EQ(stage_of(first), "signed_out");
}

TEST_F(SignIn, ATemporaryPasswordHasToBeChangedFirst)
{
    add_account("lan", {staff_role::admin}, {}, true);
    browser from;
    EXPECT_EQ(body(sign_in(from, "lan", good_password))["stage"], "password_change");
    EXPECT_EQ(send(from, "GET", "/staff").status, 403U);
    const auto before = from;
    const auto change = [this, &from](const std::string& current, const std::string& wanted) {
        return send(
            from,
            "PUT",
            "/session/password",
            {{"current_password", current}, {"new_password", wanted}});
    };
    EXPECT_EQ(change("sai", "một mật khẩu mới").status, 401U);
    EXPECT_EQ(last_action(), "wrong_password");
    EXPECT_EQ(change(good_password, "ngắn quá").status, 422U);
    EXPECT_EQ(change(good_password, good_password).status, 422U);
    EXPECT_EQ(change(good_password, "mật khẩu của lan").status, 422U);
    EXPECT_EQ(change(good_password, std::string(20, 'a')).status, 422U);
    const auto got = change(good_password, "một mật khẩu mới");
    EXPECT_EQ(got.status, 200U) << got.body;
    EXPECT_EQ(body(got)["stage"], "active");
    EXPECT_NE(from.cookie, before.cookie);
    auto old = before;
    EXPECT_EQ(stage_of(old), "signed_out");
    EXPECT_EQ(last_action(), "password_changed");
    EXPECT_EQ(sign_in(old, "lan", good_password).status, 401U);
    EXPECT_EQ(sign_in(old, "lan", "một mật khẩu mới").status, 200U);
}

TEST_F(SignIn, AChangedPasswordEndsTheOtherSessions)
{
    add_account("lan", {staff_role::admin});
    auto here = signed_in("lan");
    auto there = signed_in("lan");
    const json change = {{"current_password", good_password}, {"new_password", "một mật khẩu mới"}};
    EXPECT_EQ(send(here, "PUT", "/session/password", change).status, 200U);
    EXPECT_EQ(stage_of(here), "active");
    EXPECT_EQ(stage_of(there), "signed_out");
}

TEST_F(SignIn, SessionsAreListedAndEnded)
{
    add_account("lan", {staff_role::viewer});
    add_account("chi", {staff_role::admin});
    auto here = signed_in("lan");
    auto there = signed_in("lan");
    auto admin = signed_in("chi");
    const auto mine = body(send(here, "GET", "/sessions"))["items"];
    ASSERT_EQ(mine.size(), 2U);
    const auto& other = mine[0]["current"] == true ? mine[1] : mine[0];
    EXPECT_EQ(other["address"], "192.0.2.1");
    EXPECT_EQ(send(here, "GET", "/sessions?staff_id=s-chi").status, 403U);
    const auto hers = body(send(admin, "GET", "/sessions"))["items"][0]["id"].get<std::string>();
    EXPECT_EQ(send(here, "DELETE", "/sessions/" + hers).status, 404U) << "not one's own";
    EXPECT_EQ(send(here, "DELETE", "/sessions/" + other["id"].get<std::string>()).status, 204U);
    EXPECT_EQ(stage_of(there), "signed_out");
    EXPECT_EQ(stage_of(here), "active");
    EXPECT_EQ(last_action(), "session_ended");
    const auto seen = body(send(admin, "GET", "/sessions?staff_id=s-lan"))["items"];
    ASSERT_EQ(seen.size(), 1U);
    EXPECT_EQ(send(admin, "DELETE", "/sessions/" + seen[0]["id"].get<std::string>()).status, 204U);
    EXPECT_EQ(stage_of(here), "signed_out");
}

class SecondStep : public StaffOffice
{
protected:
    http::response give(browser& from, const std::string& code)
    {
        return send(from, "POST", "/session/totp", {{"totp_code", code}});
    }

    unsigned status_of(const std::string& code)
    {
        browser from;
        sign_in(from, "lan", good_password);
        return give(from, code).status;
    }
};

TEST_F(SecondStep, ThePasswordAloneOpensNothing)
{
    add_account("lan", {staff_role::admin});
    const auto secret = enrol("lan");
    browser from;
    const auto first = sign_in(from, "lan", good_password);
    EXPECT_EQ(body(first)["stage"], "totp");
    EXPECT_TRUE(body(first)["staff_member"].is_null());
    EXPECT_EQ(send(from, "GET", "/staff").status, 403U);
    EXPECT_EQ(send(from, "GET", "/sessions").status, 403U);
    EXPECT_NE(last_action(), "sign_in");
    const auto before = from;
    const auto second = give(from, code(secret));
    EXPECT_EQ(second.status, 200U) << second.body;
    EXPECT_EQ(body(second)["stage"], "active");
    EXPECT_NE(from.cookie, before.cookie) << "a new id at every stage";
    EXPECT_NE(from.csrf, before.csrf);
    auto old = before;
    EXPECT_EQ(stage_of(old), "signed_out");
    EXPECT_EQ(last_action(), "sign_in");
    EXPECT_EQ(send(from, "GET", "/staff").status, 200U);
}

TEST_F(SecondStep, ACodeIsGoodOnceAndOneStepBesideAtMost)
{
    add_account("lan", {staff_role::admin});
    const auto secret = enrol("lan");
    EXPECT_EQ(status_of(code(secret, -2)), 401U);
    EXPECT_EQ(status_of(code(secret, 2)), 401U);
    EXPECT_EQ(status_of(code(secret, -1)), 200U);
    EXPECT_EQ(status_of(code(secret, -1)), 401U) << "used";
    EXPECT_EQ(status_of(code(secret, 1)), 200U);
    EXPECT_EQ(status_of(code(secret)), 401U) << "older than one that was used";
}

TEST_F(SecondStep, ACodeOfAClockThatWasAheadLocksNobodyOut)
{
    add_account("lan", {staff_role::admin});
    const auto secret = enrol("lan");
    pass(24h * 400);
    EXPECT_EQ(status_of(code(secret)), 200U);
    pass(-24h * 400);
    EXPECT_EQ(status_of(code(secret)), 200U);
    EXPECT_EQ(status_of(code(secret)), 401U) << "used";
}

TEST_F(SecondStep, WrongCodesCountAlthoughThePasswordIsRight)
{
    add_account("lan", {staff_role::admin});
    enrol("lan");
    unsigned last = 0;
    int attempts = 0;
    for (; attempts < 20 && last != 429; ++attempts) {
        browser from;
        const auto in = sign_in(from, "lan", good_password);
        last = in.status == 200 ? give(from, "000000").status : in.status;
    }
    EXPECT_LE(attempts, 6);
    EXPECT_EQ(last, 429U);
}

TEST_F(SecondStep, WithoutAnAuthenticatorOneIsEnrolledFirst)
{
    add_account("lan", {staff_role::admin});
    browser from;
    EXPECT_EQ(body(sign_in(from, "lan", good_password))["stage"], "totp_enrolment");
    EXPECT_EQ(send(from, "GET", "/staff").status, 403U);
    const auto confirm = [this, &from](const std::string& given) {
        return send(from, "PUT", "/session/totp-enrolment", {{"totp_code", given}});
    };
    EXPECT_EQ(confirm("123456").status, 422U) << "nothing was offered";
    const json wrong = {{"current_password", "sai"}};
    EXPECT_EQ(send(from, "POST", "/session/totp-enrolment", wrong).status, 401U);
    const json right = {{"current_password", good_password}};
    const auto offer = send(from, "POST", "/session/totp-enrolment", right);
    ASSERT_EQ(offer.status, 200U) << offer.body;
    EXPECT_EQ(field(offer, "Cache-Control"), "no-store");
    const auto text = body(offer)["secret"].get<std::string>();
    EXPECT_EQ(text.size(), 32U);
    EXPECT_EQ(
        body(offer)["otpauth_uri"],
        "otpauth://totp/Mot%20Cua:lan?secret=" + text + "&issuer=Mot%20Cua");
    const auto kept = store_->open_reader()->accounts().sessions_of("s-lan").at(0).new_totp;
    const auto secret = secret_box(std::string(32, 'k')).open("s-lan", kept).value();
    EXPECT_EQ(base32(secret), text);
    EXPECT_EQ(kept.find(secret), std::string::npos) << "sealed";
    EXPECT_FALSE(secret_box(std::string(32, 'k')).open("s-mai", kept)) << "bound to the account";
    EXPECT_FALSE(secret_box(std::string(32, 'x')).open("s-lan", kept)) << "another key";
    EXPECT_EQ(confirm("000000").status, 401U);
    const auto done = confirm(code(secret));
    EXPECT_EQ(done.status, 200U) << done.body;
    EXPECT_EQ(body(done)["stage"], "active");
    EXPECT_TRUE(body(done)["staff_member"]["totp_enrolled"].get<bool>());
    EXPECT_EQ(last_action(), "totp_enrolled");
    browser later;
    sign_in(later, "lan", good_password);
    EXPECT_EQ(give(later, code(secret)).status, 401U) << "used for the enrolment";
    pass(30s);
    EXPECT_EQ(give(later, code(secret)).status, 200U);
}

TEST_F(SecondStep, TheTemporaryPasswordComesBeforeTheEnrolment)
{
    add_account("lan", {staff_role::admin}, {}, true);
    browser from;
    EXPECT_EQ(body(sign_in(from, "lan", good_password))["stage"], "password_change");
    const json change = {{"current_password", good_password}, {"new_password", "một mật khẩu mới"}};
    EXPECT_EQ(body(send(from, "PUT", "/session/password", change))["stage"], "totp_enrolment");
}

// RFC 6238, appendix B, the last 6 of the 8 digits.
TEST(Totp, MatchesThePublishedVectors)
{
    const std::string secret = "12345678901234567890";
    EXPECT_EQ(totp_code(secret, totp_step(utc_time(59s))), "287082");
    EXPECT_EQ(totp_code(secret, totp_step(utc_time(1'111'111'109s))), "081804");
    EXPECT_EQ(totp_code(secret, totp_step(utc_time(1'111'111'111s))), "050471");
    EXPECT_EQ(totp_code(secret, totp_step(utc_time(20'000'000'000s))), "353130");
}

TEST(Base32, MatchesThePublishedVectors)
{
    EXPECT_EQ(base32("foobar"), "MZXW6YTBOI");
    EXPECT_EQ(base32("f"), "MY");
    EXPECT_EQ(base64url("\xfb\xff"), "-_8");
}

TEST(Passwords, ThoseMadeForPeopleDiffer)
{
    std::set<std::string> seen;
    for (int i = 0; i < 100; ++i) {
        const auto one = random_password();
        EXPECT_EQ(one.size(), 19U);
        EXPECT_EQ(objection_to_password(one, "lan"), "");
        seen.insert(one);
    }
    EXPECT_EQ(seen.size(), 100U);
}

TEST(Passwords, TheUsualCostIsWhatTheHeaderSays)
{
    const auto hash = make_password_hasher(hashing_cost::usual)->hash(good_password);
    EXPECT_EQ(hash.find("$argon2id$v=19$m=32768,t=3,p=1$"), 0U) << hash;
}

TEST(BackOff, IsBounded)
{
    back_off slow({5, 60s, 100});
    const utc_time start{1h * 1000};
    for (int i = 0; i < 1000; ++i)
        slow.attempt("name " + std::to_string(i), start + i * 1ms);
    EXPECT_EQ(slow.size(), 100U);
    for (int i = 0; i < 10; ++i)
        slow.attempt("name 999", start + 1s);
    EXPECT_GT(slow.wait("name 999", start + 1s), 0s);
    EXPECT_EQ(slow.wait("name 999", start + 2h), 0s) << "forgotten";
}

TEST(BackOff, AClockThatIsPutBackMakesNobodyWaitForIt)
{
    back_off slow({5, 60s, 100});
    const utc_time ahead{24h * 400};
    for (int i = 0; i < 20; ++i)
        slow.attempt("lan", ahead);
    EXPECT_EQ(slow.wait("lan", ahead), 60s);
    const auto present = ahead - 24h * 300;
    EXPECT_EQ(slow.wait("lan", present), 0s);
    slow.attempt("lan", present);
    EXPECT_EQ(slow.wait("lan", present), 60s) << "the attempts are remembered";
}

TEST(BackOff, ManyAtOnceDoNotAllPass)
{
    back_off slow({5, 60s, 100});
    const utc_time start{1h * 1000};
    int passed = 0;
    for (int i = 0; i < 50; ++i) {
        if (slow.wait("lan", start) > 0s)
            continue;
        slow.attempt("lan", start); // none of them has ended yet
        ++passed;
    }
    EXPECT_EQ(passed, 5);
}

} // namespace
} // namespace motcua::staff_api
