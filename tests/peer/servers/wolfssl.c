/* wolfSSL's DTLS 1.2 server: cc wolfssl.c -lwolfssl. Debian builds it without use_srtp and without a way to set
 * the MTU. */
#include "serve.h"

#include <wolfssl/options.h>
#include <wolfssl/ssl.h>
#include <wolfssl/wolfcrypt/hash.h>

static int check_certificate(int ok, WOLFSSL_X509_STORE_CTX *store) {
    unsigned char digest[32];
    (void)ok;
    return store->totalCerts == 1 && wc_Sha256Hash(store->certs[0].buffer, store->certs[0].length, digest) == 0 &&
           is_the_client(digest);
}

static void fail_with(WOLFSSL *ssl, int result) {
    char text[WOLFSSL_MAX_ERROR_SZ];
    wolfSSL_ERR_error_string(wolfSSL_get_error(ssl, result), text);
    fail(text);
}

/* Whether it is worth trying again: a datagram was waited for, and the timer has run out. */
static int again(WOLFSSL *ssl, int result) {
    int error = wolfSSL_get_error(ssl, result);
    return error == WOLFSSL_ERROR_WANT_READ || error == WOLFSSL_ERROR_WANT_WRITE;
}

int main(int argc, char **argv) {
    unsigned char data[2048];
    struct sockaddr_storage peer;
    socklen_t length = sizeof peer;
    int fd = begin(argc, argv), result;
    wolfSSL_Init();
    WOLFSSL_CTX *context = wolfSSL_CTX_new(wolfDTLSv1_2_server_method());
    if (wolfSSL_CTX_use_certificate_file(context, options.certificate, WOLFSSL_FILETYPE_ASN1) != WOLFSSL_SUCCESS)
        fail("certificate");
    if (wolfSSL_CTX_use_PrivateKey_file(context, options.key, WOLFSSL_FILETYPE_ASN1) != WOLFSSL_SUCCESS) fail("key");
    wolfSSL_CTX_set_verify(context, WOLFSSL_VERIFY_PEER | WOLFSSL_VERIFY_FAIL_IF_NO_PEER_CERT, check_certificate);
    wolfSSL_CTX_set_cipher_list(context, "ECDHE-ECDSA-AES128-GCM-SHA256");

    WOLFSSL *ssl = wolfSSL_new(context);
    getpeername(fd, (struct sockaddr *)&peer, &length);
    wolfSSL_dtls_set_peer(ssl, &peer, length);
    wolfSSL_set_fd(ssl, fd);
    while ((result = wolfSSL_accept(ssl)) != WOLFSSL_SUCCESS)
        if (!again(ssl, result)) fail_with(ssl, result);
    say("connected");
    for (;;) {
        result = wolfSSL_read(ssl, data, sizeof data);
        if (result > 0 && options.closes) wolfSSL_shutdown(ssl);
        else if (result > 0) wolfSSL_write(ssl, data, result);
        else if (wolfSSL_get_error(ssl, result) == WOLFSSL_ERROR_ZERO_RETURN) break;
        else if (!again(ssl, result)) fail_with(ssl, result);
    }
    say("closed");
    return 0;
}
