/* echo client|server PORT is a peer of usrsctp over UDP, connected to 127.0.0.1:PORT. It sends each message back, on the
 * same stream and with the same payload protocol identifier. It ends when the association does. */
#include <arpa/inet.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include <usrsctp.h>

static int line;

static int output(void *address, void *packet, size_t length, uint8_t tos, uint8_t set_df) {
	(void)address, (void)tos, (void)set_df;
	send(line, packet, length, 0);
	return 0;
}

static int receive(struct socket *socket, union sctp_sockstore address, void *data, size_t length,
                   struct sctp_rcvinfo info, int flags, void *context) {
	(void)address, (void)context;
	if (data == NULL)
		exit(0);
	if (flags & MSG_NOTIFICATION) {
		union sctp_notification *notification = data;
		if (notification->sn_header.sn_type == SCTP_ASSOC_CHANGE &&
		    notification->sn_assoc_change.sac_state != SCTP_COMM_UP)
			exit(0);
	} else {
		struct sctp_sndinfo send = {.snd_sid = info.rcv_sid, .snd_ppid = info.rcv_ppid};
		if (usrsctp_sendv(socket, data, length, NULL, 0, &send, sizeof send, SCTP_SENDV_SNDINFO, 0) < 0)
			perror("usrsctp_sendv");
	}
	free(data);
	return 1;
}

static void check(int bad, const char *what) {
	if (bad) {
		perror(what);
		exit(1);
	}
}

static void *accept_one(void *listener) {
	struct socket *socket = usrsctp_accept(listener, NULL, NULL);
	check(socket == NULL, "usrsctp_accept");
	return NULL;
}

int main(int argc, char **argv) {
	check(argc != 3, "echo client|server PORT");
	line = socket(AF_INET, SOCK_DGRAM, 0);
	struct sockaddr_in there = {.sin_family = AF_INET, .sin_port = htons(atoi(argv[2]))};
	there.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	check(connect(line, (struct sockaddr *)&there, sizeof there), "connect");

	usrsctp_init(0, output, NULL);
	/* Without this a lost packet takes a second or more, as there is no round trip to speak of. */
	usrsctp_sysctl_set_sctp_rto_min_default(50);
	usrsctp_sysctl_set_sctp_rto_initial_default(100);
	usrsctp_register_address(&line);
	struct socket *socket = usrsctp_socket(AF_CONN, SOCK_STREAM, IPPROTO_SCTP, receive, NULL, 0, NULL);
	check(socket == NULL, "usrsctp_socket");
	struct sctp_event event = {.se_assoc_id = SCTP_ALL_ASSOC, .se_type = SCTP_ASSOC_CHANGE, .se_on = 1};
	check(usrsctp_setsockopt(socket, IPPROTO_SCTP, SCTP_EVENT, &event, sizeof event), "SCTP_EVENT");
	struct sctp_assoc_value reset = {.assoc_id = SCTP_ALL_ASSOC, .assoc_value = SCTP_ENABLE_RESET_STREAM_REQ};
	check(usrsctp_setsockopt(socket, IPPROTO_SCTP, SCTP_ENABLE_STREAM_RESET, &reset, sizeof reset), "reset");
	/* Echoing never blocks: what comes in is limited by what the other end has in hand. */
	int space = 4 << 20;
	check(usrsctp_setsockopt(socket, SOL_SOCKET, SO_SNDBUF, &space, sizeof space), "SO_SNDBUF");
	struct sockaddr_conn address = {.sconn_family = AF_CONN, .sconn_port = htons(5000), .sconn_addr = &line};
	check(usrsctp_bind(socket, (struct sockaddr *)&address, sizeof address), "usrsctp_bind");

	pthread_t thread;
	if (strcmp(argv[1], "client") == 0) {
		usrsctp_set_non_blocking(socket, 1);
		usrsctp_connect(socket, (struct sockaddr *)&address, sizeof address);
	} else {
		check(usrsctp_listen(socket, 1), "usrsctp_listen");
		pthread_create(&thread, NULL, accept_one, socket);
		/* So that the other end knows where to send its INIT. */
		send(line, "here", 4, 0);
	}
	for (;;) {
		char packet[2048];
		ssize_t length = recv(line, packet, sizeof packet, 0);
		if (length > 0)
			usrsctp_conninput(&line, packet, length, 0);
	}
}
