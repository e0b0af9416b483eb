#!/usr/bin/perl
# peak.pl PID ROWS: reads what process PID prints, and close to the end, while it must
# still be there, prints the most memory it ever had, in kB, and then how many lines came.
use strict;
use warnings;

my ($pid, $rows) = @ARGV;
my ($lines, $peak) = (0, '');
while (<STDIN>) {
	next unless ++$lines == $rows - 10000;
	open my $status, '<', "/proc/$pid/status" or die "process $pid is gone: $!";
	($peak) = map { /^VmHWM:\s+([0-9]+) kB/ } <$status>;
}
print "$peak $lines\n";
