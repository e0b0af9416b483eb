# check.pl TABLE DIAGRAM PAGE...: see run.sh.
use strict;
use warnings;

sub content
{
	my $file = shift;
	local $/;
	open(my $in, '<', $file) or die "$file: $!\n";
	return <$in>;
}

my $table = content(shift @ARGV);
my $diagram = content(shift @ARGV);
my ($blocks, $tables, $diagrams, $wrong) = (0, 0, 0, 0);
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
	while ($text =~ /^<!-- codebook -->\n(.*?)^<!-- end -->$/msg)
	{
		$tables++;
		if ($1 ne $table)
		{
			$wrong++;
			print "$page: the codebook is now\n$table";
		}
	}
	while ($text =~ /^<!-- transitions -->\n(.*?)^<!-- end -->$/msg)
	{
		$diagrams++;
		if ($1 ne $diagram)
		{
			$wrong++;
			print "$page: the diagram is now\n$diagram";
		}
	}
}
print "$blocks blocks, $tables table and $diagrams diagram checked\n";
exit($wrong > 0 || $blocks < 5 || $tables != 1 || $diagrams != 1);
