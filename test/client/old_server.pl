#!/usr/bin/perl
# old_server.pl PORT_FILE: a server of version 14, as far as a client sees one that
# connects.  It writes its port to a file, takes one connection, and prints the types
# of the messages that come in.
use strict;
use warnings;
use IO::Socket::INET;

my $server = IO::Socket::INET->new(LocalAddr => '127.0.0.1', LocalPort => 0, Listen => 1) or die "cannot listen: $!";
open my $file, '>', "$ARGV[0].new" or die "cannot write: $!";
print $file $server->sockport, "\n";
close $file or die "cannot write: $!";
rename "$ARGV[0].new", $ARGV[0] or die "cannot rename: $!";

alarm 60;
my $client = $server->accept or die "cannot accept: $!";

sub take {
	my ($bytes) = @_;
	my $taken = '';
	while (length $taken < $bytes) {
		sysread($client, $taken, $bytes - length $taken, length $taken) or exit 0;
	}
	return $taken;
}

sub answer {
	my ($type, $body) = @_;
	syswrite $client, $type . pack('N', 4 + length $body) . $body;
}

# requests for encryption are declined
while (1) {
	my ($length, $code) = unpack 'NN', take(8);
	take($length - 8);
	last unless $code == 80877103 || $code == 80877104;
	syswrite $client, 'N';
}
answer('R', pack 'N', 0);
answer('S', "server_version\0" . "14.0\0");
answer('S', "client_encoding\0" . "UTF8\0");
answer('K', pack 'NN', 1, 1);
answer('Z', 'I');

$| = 1;
while (1) {
	my ($type, $length) = unpack 'aN', take(5);
	take($length - 4);
	print "$type\n";
	# what is asked gets no answer but the end
	exit 0 if $type eq 'X' || $type eq 'Q';
}
