# check.pl MARK=FILE... PAGE...: see run.sh.
use strict;
use warnings;

sub content
{
	my $file = shift;
	local $/;
	open(my $in, '<', $file) or die "$file: $!\n";
	return <$in>;
}

my (%made, %seen);
my ($blocks, $wrong) = (0, 0);
while (@ARGV && $ARGV[0] =~ /^(\w+)=(.*)/)
{
	$made{$1} = content($2);
	shift @ARGV;
}
for my $page (@ARGV)
{
	my $text = content($page);

	if ($text =~ /^\@[A-Z]+\@$/m)
	{
		$wrong++;
		print "$page has a placeholder\n";
	}
	while ($text =~ /^```(?:text|sql) (\S+)\n(.*?)^```$/msg)
	{
		my ($file, $block) = ($1, $2);
		$blocks++;
		# trailing blanks of psql's columns are not kept in pages
		(my $answers = content($file)) =~ s/[ \t]+$//mg;
		$block =~ s/[ \t]+$//mg;
		if (index("\n$answers", "\n$block") < 0)
		{
			$wrong++;
			print "$page shows what is not in $file:\n$block\n";
		}
	}
	while ($text =~ /^<!-- (\w+) -->\n(.*?)^<!-- end -->$/msg)
	{
		$seen{$1}++;
		if (exists $made{$1} && $2 ne $made{$1})
		{
			$wrong++;
			print "$page: what stands between $1 and end is now\n$made{$1}";
		}
	}
}
# each is shown once, and nothing is that nobody makes
for my $mark (sort keys %{{%made, %seen}})
{
	next if exists $made{$mark} && ($seen{$mark} // 0) == 1;
	$wrong++;
	print "$mark is shown ", $seen{$mark} // 0, " times, and made ", exists $made{$mark} ? 1 : 0, "\n";
}
print "$blocks blocks and ", scalar(keys %seen), " generated parts checked\n";
exit($wrong > 0 || $blocks < 5);
