#pragma once

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <memory>
#include <stdexcept>
#include <string>

namespace motcua::zalo {

using key_pointer = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;
using certificate_pointer = std::unique_ptr<X509, decltype(&X509_free)>;

// A certificate made for one test run, with its key.
struct test_certificate
{
    key_pointer key{nullptr, &EVP_PKEY_free};
    certificate_pointer certificate{nullptr, &X509_free};

    std::string certificate_pem() const
    {
        return pem([this](BIO* out) { return PEM_write_bio_X509(out, certificate.get()); });
    }
    std::string key_pem() const
    {
        return pem([this](BIO* out) {
            return PEM_write_bio_PrivateKey(out, key.get(), nullptr, nullptr, 0, nullptr, nullptr);
        });
    }

private:
    template <class Write>
    static std::string pem(Write write)
    {
        const std::unique_ptr<BIO, decltype(&BIO_free)> out(BIO_new(BIO_s_mem()), &BIO_free);
        if (write(out.get()) != 1)
            throw std::runtime_error("cannot write PEM");
        std::string text(static_cast<std::size_t>(BIO_pending(out.get())), '\0');
        BIO_read(out.get(), text.data(), static_cast<int>(text.size()));
        return text;
    }
};

// Signed by `issuer`, or by itself as an authority if that is null. `names` is a subjectAltName:
// "DNS:localhost,IP:127.0.0.1".
inline test_certificate
make_certificate(const std::string& common_name, const char* names, const test_certificate* issuer)
{
    test_certificate made;
    made.key.reset(EVP_EC_gen("P-256"));
    made.certificate.reset(X509_new());
    X509* certificate = made.certificate.get();
    X509_set_version(certificate, 2); // counts from 0: version 3
    static long serial = 0;
    ASN1_INTEGER_set(X509_get_serialNumber(certificate), ++serial);
    X509_gmtime_adj(X509_getm_notBefore(certificate), -3600);
    X509_gmtime_adj(X509_getm_notAfter(certificate), 3600);
    X509_set_pubkey(certificate, made.key.get());
    const std::unique_ptr<X509_NAME, decltype(&X509_NAME_free)> name(
        X509_NAME_new(), &X509_NAME_free);
    X509_NAME_add_entry_by_NID(
        name.get(),
        NID_commonName,
        MBSTRING_UTF8,
        reinterpret_cast<const unsigned char*>(common_name.data()),
        static_cast<int>(common_name.size()),
        -1,
        0);
    X509_set_subject_name(certificate, name.get());
    X509* signer = issuer != nullptr ? issuer->certificate.get() : certificate;
    X509_set_issuer_name(certificate, X509_get_subject_name(signer));
    const auto extend = [&](int id, const char* value) {
        const std::unique_ptr<X509_EXTENSION, decltype(&X509_EXTENSION_free)> extension(
            X509V3_EXT_conf_nid(nullptr, nullptr, id, value), &X509_EXTENSION_free);
        X509_add_ext(certificate, extension.get(), -1);
    };
    extend(NID_basic_constraints, issuer == nullptr ? "critical,CA:TRUE" : "critical,CA:FALSE");
    if (names != nullptr)
        extend(NID_subject_alt_name, names);
    EVP_PKEY* signing_key = issuer != nullptr ? issuer->key.get() : made.key.get();
    if (X509_sign(certificate, signing_key, EVP_sha256()) == 0)
        throw std::runtime_error("cannot sign the test certificate");
    return made;
}

} // namespace motcua::zalo
