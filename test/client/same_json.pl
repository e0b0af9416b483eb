#!/usr/bin/perl
# same_json.pl FILE FILE: whether two files hold the same JSON; the first is checked to
# be an array that has a row on each line.
use strict;
use warnings;
use JSON::PP;

my $json = JSON::PP->new->utf8->canonical->allow_nonref->allow_bignum;
my @text = map { open my $file, '<', $_ or die "$_: $!"; local $/; <$file> } @ARGV;
my @value = map { $json->decode($_) } @text;

my @lines = split /\n/, $text[0], -1;
die "$ARGV[0]: not [, rows and ]\n" unless shift @lines eq '[' && pop @lines eq '' && pop @lines eq ']';
die "$ARGV[0]: other rows than lines\n" unless @lines == @{$value[0]};
for my $row (0 .. $#lines) {
	my $line = $lines[$row];
	die "$ARGV[0]: row $row does not end as it must\n" unless $row == $#lines || $line =~ s/,$//;
	$json->decode($line);
}
die "$ARGV[0] and $ARGV[1] differ\n" unless $json->encode($value[0]) eq $json->encode($value[1]);
