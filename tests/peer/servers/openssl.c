/* OpenSSL's DTLS 1.2 server: cc openssl.c -lssl -lcrypto */
#include "serve.h"

#include <openssl/err.h>
#include <openssl/ssl.h>

static int make_cookie(SSL *ssl, unsigned char *cookie, unsigned int *length) {
    (void)ssl;
    memset(cookie, 0x5A, *length = 16);
    return 1;
}

static int check_cookie(SSL *ssl, const unsigned char *cookie, unsigned int length) {
    (void)ssl;
    return length == 16 && cookie[0] == 0x5A;
}

static int check_certificate(int ok, X509_STORE_CTX *store) {
    unsigned char digest[32];
    (void)ok;
    return X509_digest(X509_STORE_CTX_get_current_cert(store), EVP_sha256(), digest, NULL) && is_the_client(digest);
}

static unsigned int timeout(SSL *ssl, unsigned int before_us) {
    (void)ssl;
    return before_us ? 2 * before_us : 100000;
}

/* Whether it is worth trying again: a datagram was waited for, and the timer has run out. */
static int again(SSL *ssl, int result) {
    if (SSL_get_error(ssl, result) != SSL_ERROR_WANT_READ) return 0;
    DTLSv1_handle_timeout(ssl);
    return 1;
}

int main(int argc, char **argv) {
    unsigned char data[2048];
    int fd = begin(argc, argv), result;
    SSL_CTX *context = SSL_CTX_new(DTLS_server_method());
    SSL_CTX_set_min_proto_version(context, DTLS1_2_VERSION);
    if (SSL_CTX_use_certificate_file(context, options.certificate, SSL_FILETYPE_ASN1) != 1) fail("certificate");
    if (SSL_CTX_use_PrivateKey_file(context, options.key, SSL_FILETYPE_ASN1) != 1) fail("key");
    if (SSL_CTX_set_tlsext_use_srtp(context, "SRTP_AES128_CM_SHA1_80:SRTP_AEAD_AES_128_GCM")) fail("use_srtp");
    SSL_CTX_set_verify(context, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, check_certificate);
    SSL_CTX_set_cookie_generate_cb(context, make_cookie);
    SSL_CTX_set_cookie_verify_cb(context, check_cookie);
    SSL_CTX_set_options(context, SSL_OP_COOKIE_EXCHANGE | SSL_OP_NO_QUERY_MTU);

    SSL *ssl = SSL_new(context);
    BIO *bio = BIO_new_dgram(fd, BIO_NOCLOSE);
    struct sockaddr_storage peer;
    socklen_t length = sizeof peer;
    getpeername(fd, (struct sockaddr *)&peer, &length);
    BIO_ctrl(bio, BIO_CTRL_DGRAM_SET_CONNECTED, 0, &peer);
    SSL_set_bio(ssl, bio, bio);
    /* OpenSSL takes no MTU below 228 bytes of UDP payload. */
    if (!SSL_set_mtu(ssl, options.mtu < 228 ? 228 : options.mtu)) fail("mtu");
    DTLS_set_timer_cb(ssl, timeout);

    while ((result = SSL_accept(ssl)) != 1)
        if (!again(ssl, result)) fail(ERR_reason_error_string(ERR_get_error()));
    if (!SSL_get_selected_srtp_profile(ssl)) fail("no SRTP profile");
    if (SSL_get_extms_support(ssl) != 1) fail("no extended master secret");
    say("connected");
    for (;;) {
        result = SSL_read(ssl, data, sizeof data);
        if (result > 0 && options.closes) SSL_shutdown(ssl);
        else if (result > 0) SSL_write(ssl, data, result);
        else if (SSL_get_shutdown(ssl) & SSL_RECEIVED_SHUTDOWN) break;
        else if (!again(ssl, result)) fail(ERR_reason_error_string(ERR_get_error()));
    }
    say("closed");
    return 0;
}
