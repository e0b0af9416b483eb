# links.pl PAGE...: do links between pages lead somewhere?  A relative link names a file of
# the tree, and after # a heading of that page, in the letters that forges make of it.
use strict;
use warnings;
use File::Basename;

my %anchors;

sub anchors
{
	my $page = shift;
	return $anchors{$page} if $anchors{$page};
	my (%found, %times);
	open(my $in, '<:encoding(UTF-8)', $page) or die "$page: $!\n";
	my $code = 0;
	while (<$in>)
	{
		$code = !$code if /^```/;
		next if $code;
		$found{$1} = 1 while /<a (?:id|name)="([^"]+)"/g;
		next unless /^#{1,6} +(.*?)\s*$/;
		my $name = $1;
		$name =~ s/\[([^\]]*)\]\([^)]*\)/$1/g;
		$name = lc $name;
		$name =~ s/[^\w\- ]//g;
		$name =~ tr/ /-/;
		my $no = $times{$name}++;
		$found{$no ? "$name-$no" : $name} = 1;
	}
	return $anchors{$page} = \%found;
}

my ($links, $wrong) = (0, 0);
for my $page (@ARGV)
{
	open(my $in, '<:encoding(UTF-8)', $page) or die "$page: $!\n";
	my $code = 0;
	while (my $line = <$in>)
	{
		$code = !$code if $line =~ /^\s*```/;
		next if $code;
		# what stands between backticks is no link
		$line =~ s/(`+).*?\1//g;
		while ($line =~ /\[(?:[^\[\]]|\\\]|\[[^\[\]]*\])*\]\(([^)\s]+)\)/g)
		{
			my $link = $1;
			next if $link =~ /^[a-z]+:/;
			$links++;
			my ($file, $heading) = $link =~ /^([^#]*)(?:#(.*))?$/;
			my $target = $file eq '' ? $page : dirname($page) . "/$file";
			$target =~ s{^\./}{};
			1 while $target =~ s{[^/]+/\.\./}{};
			if (!-e $target)
			{
				$wrong++;
				print "$page:$.: $link leads to no file\n";
			}
			elsif (defined $heading && !($target =~ /\.md$/ && anchors($target)->{$heading}))
			{
				$wrong++;
				print "$page:$.: $link leads to no heading\n";
			}
		}
	}
}
print "$links links checked\n";
exit($wrong > 0 || $links < 50);
