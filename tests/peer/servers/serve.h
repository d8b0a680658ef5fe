/* What the servers in C share: one DTLS association on a UDP socket of the loopback interface, then the end.
 *
 * PROGRAM CERTIFICATE KEY CLIENT-FINGERPRINT MTU echo|close
 *     CERTIFICATE and KEY are files in DER; CLIENT-FINGERPRINT is the SHA-256 of the client's, in hex.
 *     echo sends back what comes; close sends close_notify once the first data has come.
 * On stdout, a line each: "port N", "connected", "closed" (by the client's close_notify), "failed: WHY". */
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

struct options {
    const char *certificate, *key, *fingerprint;
    int mtu, closes;
};

static struct options options;

static void say(const char *line) {
    puts(line);
    fflush(stdout);
}

static void fail(const char *why) {
    printf("failed: %s\n", why);
    fflush(stdout);
    exit(1);
}

/* Reads the arguments, binds, waits for the first datagram, and connects to its sender. */
static int begin(int argc, char **argv) {
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t length = sizeof address;
    char byte;
    int fd = socket(AF_INET, SOCK_DGRAM, 0);
    if (argc != 6) fail("usage");
    options = (struct options){argv[1], argv[2], argv[3], atoi(argv[4]), strcmp(argv[5], "close") == 0};
    alarm(100);
    if (bind(fd, (struct sockaddr *)&address, length) || getsockname(fd, (struct sockaddr *)&address, &length))
        fail("bind");
    printf("port %d\n", ntohs(address.sin_port));
    fflush(stdout);
    length = sizeof address;
    if (recvfrom(fd, &byte, 1, MSG_PEEK, (struct sockaddr *)&address, &length) < 0) fail("recvfrom");
    if (connect(fd, (struct sockaddr *)&address, length)) fail("connect");
    return fd;
}

/* Whether a SHA-256 is the fingerprint that the client's certificate must have. */
static int is_the_client(const unsigned char *digest) {
    char hex[65];
    for (int i = 0; i < 32; i++) sprintf(hex + 2 * i, "%02x", digest[i]);
    return strcmp(hex, options.fingerprint) == 0;
}
