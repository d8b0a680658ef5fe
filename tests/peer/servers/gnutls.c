/* GnuTLS' DTLS 1.2 server: cc gnutls.c -lgnutls */
#include "serve.h"

#include <gnutls/crypto.h>
#include <gnutls/dtls.h>
#include <gnutls/gnutls.h>

static int check_certificate(gnutls_session_t session) {
    unsigned char digest[32];
    unsigned int count;
    const gnutls_datum_t *certificates = gnutls_certificate_get_peers(session, &count);
    if (!certificates || count != 1) return -1;
    gnutls_hash_fast(GNUTLS_DIG_SHA256, certificates[0].data, certificates[0].size, digest);
    return is_the_client(digest) ? 0 : -1;
}

static ssize_t push(gnutls_transport_ptr_t fd, const void *data, size_t length) {
    return send((int)(long)fd, data, length, 0);
}

int main(int argc, char **argv) {
    unsigned char data[2048];
    gnutls_datum_t secret;
    gnutls_dtls_prestate_st prestate;
    gnutls_certificate_credentials_t credentials;
    gnutls_session_t session;
    gnutls_srtp_profile_t profile;
    int fd = begin(argc, argv), result;

    gnutls_certificate_allocate_credentials(&credentials);
    if (gnutls_certificate_set_x509_key_file(credentials, options.certificate, options.key, GNUTLS_X509_FMT_DER))
        fail("certificate or key");
    gnutls_certificate_set_verify_function(credentials, check_certificate);
    gnutls_key_generate(&secret, GNUTLS_COOKIE_KEY_SIZE);
    for (;;) {
        memset(&prestate, 0, sizeof prestate);
        result = recv(fd, data, sizeof data, MSG_PEEK);
        if (result < 0) fail("recv");
        if (gnutls_dtls_cookie_verify(&secret, "client", 6, data, result, &prestate) == 0) break;
        gnutls_dtls_cookie_send(&secret, "client", 6, &prestate, (gnutls_transport_ptr_t)(long)fd, push);
        recv(fd, data, sizeof data, 0);
    }

    gnutls_init(&session, GNUTLS_SERVER | GNUTLS_DATAGRAM);
    gnutls_priority_set_direct(session, "NORMAL:-VERS-ALL:+VERS-DTLS1.2", NULL);
    gnutls_credentials_set(session, GNUTLS_CRD_CERTIFICATE, credentials);
    gnutls_certificate_server_set_request(session, GNUTLS_CERT_REQUIRE);
    gnutls_srtp_set_profile(session, GNUTLS_SRTP_AES128_CM_HMAC_SHA1_80);
    gnutls_dtls_prestate_set(session, &prestate);
    gnutls_dtls_set_mtu(session, options.mtu);
    gnutls_dtls_set_timeouts(session, 100, 90000);
    gnutls_transport_set_int(session, fd);

    do result = gnutls_handshake(session);
    while (result == GNUTLS_E_INTERRUPTED || result == GNUTLS_E_AGAIN || (result < 0 && !gnutls_error_is_fatal(result)));
    if (result < 0) fail(gnutls_strerror(result));
    if (gnutls_srtp_get_selected_profile(session, &profile)) fail("no SRTP profile");
    if (!gnutls_session_ext_master_secret_status(session)) fail("no extended master secret");
    say("connected");
    for (;;) {
        result = gnutls_record_recv(session, data, sizeof data);
        if (result > 0 && options.closes) gnutls_bye(session, GNUTLS_SHUT_WR);
        else if (result > 0) gnutls_record_send(session, data, result);
        else if (result == 0) break;
        else if (gnutls_error_is_fatal(result)) fail(gnutls_strerror(result));
    }
    say("closed");
    return 0;
}
