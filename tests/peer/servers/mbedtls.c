/* Mbed TLS' DTLS 1.2 server: cc mbedtls.c -lmbedtls -lmbedx509 -lmbedcrypto */
#include "serve.h"

#include <mbedtls/ctr_drbg.h>
#include <mbedtls/entropy.h>
#include <mbedtls/error.h>
#include <mbedtls/net_sockets.h>
#include <mbedtls/sha256.h>
#include <mbedtls/ssl.h>
#include <mbedtls/ssl_cookie.h>
#include <mbedtls/timing.h>

static int check_certificate(void *unused, mbedtls_x509_crt *certificate, int depth, uint32_t *flags) {
    unsigned char digest[32];
    (void)unused;
    (void)depth;
    mbedtls_sha256_ret(certificate->raw.p, certificate->raw.len, digest, 0);
    /* Signed by itself: the fingerprint stands for the chain. */
    *flags = is_the_client(digest) ? 0 : MBEDTLS_X509_BADCERT_OTHER;
    return 0;
}

static void check(int result) {
    char text[200];
    if (result == 0) return;
    mbedtls_strerror(result, text, sizeof text);
    fail(text);
}

int main(int argc, char **argv) {
    unsigned char data[2048];
    mbedtls_net_context net;
    mbedtls_entropy_context entropy;
    mbedtls_ctr_drbg_context random;
    mbedtls_ssl_config config;
    mbedtls_ssl_cookie_ctx cookie;
    mbedtls_ssl_context ssl;
    mbedtls_x509_crt certificate;
    mbedtls_pk_context key;
    mbedtls_timing_delay_context timer;
    mbedtls_dtls_srtp_info srtp;
    const mbedtls_ssl_srtp_profile profiles[] = {MBEDTLS_TLS_SRTP_AES128_CM_HMAC_SHA1_80, MBEDTLS_TLS_SRTP_UNSET};
    int result;

    net.fd = begin(argc, argv);
    mbedtls_entropy_init(&entropy);
    mbedtls_ctr_drbg_init(&random);
    mbedtls_ssl_config_init(&config);
    mbedtls_ssl_cookie_init(&cookie);
    mbedtls_ssl_init(&ssl);
    mbedtls_x509_crt_init(&certificate);
    mbedtls_pk_init(&key);
    check(mbedtls_ctr_drbg_seed(&random, mbedtls_entropy_func, &entropy, NULL, 0));
    check(mbedtls_x509_crt_parse_file(&certificate, options.certificate));
    check(mbedtls_pk_parse_keyfile(&key, options.key, NULL));
    check(mbedtls_ssl_config_defaults(&config, MBEDTLS_SSL_IS_SERVER, MBEDTLS_SSL_TRANSPORT_DATAGRAM, MBEDTLS_SSL_PRESET_DEFAULT));
    mbedtls_ssl_conf_rng(&config, mbedtls_ctr_drbg_random, &random);
    mbedtls_ssl_conf_authmode(&config, MBEDTLS_SSL_VERIFY_REQUIRED);
    mbedtls_ssl_conf_verify(&config, check_certificate, NULL);
    mbedtls_ssl_conf_ca_chain(&config, &certificate, NULL);
    check(mbedtls_ssl_conf_own_cert(&config, &certificate, &key));
    check(mbedtls_ssl_cookie_setup(&cookie, mbedtls_ctr_drbg_random, &random));
    mbedtls_ssl_conf_dtls_cookies(&config, mbedtls_ssl_cookie_write, mbedtls_ssl_cookie_check, &cookie);
    mbedtls_ssl_conf_handshake_timeout(&config, 100, 60000);
    check(mbedtls_ssl_conf_dtls_srtp_protection_profiles(&config, profiles));
    check(mbedtls_ssl_setup(&ssl, &config));
    mbedtls_ssl_set_mtu(&ssl, options.mtu);
    mbedtls_ssl_set_bio(&ssl, &net, mbedtls_net_send, mbedtls_net_recv, mbedtls_net_recv_timeout);
    mbedtls_ssl_set_timer_cb(&ssl, &timer, mbedtls_timing_set_delay, mbedtls_timing_get_delay);

    do {
        check(mbedtls_ssl_session_reset(&ssl));
        check(mbedtls_ssl_set_client_transport_id(&ssl, (const unsigned char *)"client", 6));
        do result = mbedtls_ssl_handshake(&ssl);
        while (result == MBEDTLS_ERR_SSL_WANT_READ || result == MBEDTLS_ERR_SSL_WANT_WRITE);
    } while (result == MBEDTLS_ERR_SSL_HELLO_VERIFY_REQUIRED);
    check(result);
    mbedtls_ssl_get_dtls_srtp_negotiation_result(&ssl, &srtp);
    if (srtp.chosen_dtls_srtp_profile == MBEDTLS_TLS_SRTP_UNSET) fail("no SRTP profile");
    say("connected");
    for (;;) {
        result = mbedtls_ssl_read(&ssl, data, sizeof data);
        if (result > 0 && options.closes) mbedtls_ssl_close_notify(&ssl);
        else if (result > 0) mbedtls_ssl_write(&ssl, data, result);
        else if (result == MBEDTLS_ERR_SSL_PEER_CLOSE_NOTIFY) break;
        else if (result != MBEDTLS_ERR_SSL_WANT_READ && result != MBEDTLS_ERR_SSL_TIMEOUT) check(result);
    }
    say("closed");
    return 0;
}
